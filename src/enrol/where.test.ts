import { expect, it } from 'vitest';
import type { Network } from '../kernel/web.ts';
import { covers, whereToServe } from './where.ts';

const network = (address: string, prefix: number, kind: Network['kind'], name = 'eth0'): Network => ({
  address,
  cidr: `${address}/${prefix}`,
  kind,
  name,
});
const LAPTOP = [
  network('127.0.0.1', 8, 'loopback', 'lo'),
  network('fd00::20', 64, 'lan', 'wlan0'),
  network('192.168.1.20', 24, 'lan', 'wlan0'),
  network('10.8.0.2', 16, 'lan', 'tun0'),
  network('172.17.0.1', 16, 'virtual', 'docker0'),
  network('203.0.113.7', 24, 'public', 'eth1'),
];
const choose = (asked?: string, more: string[] = [], declared?: string) =>
  whereToServe(LAPTOP, asked, more, 'laptop.local', (address) => address === declared);

it('serves one network: the first with IPv4, or the one that a host declares', () => {
  expect(choose()).toMatchObject({
    address: '192.168.1.20',
    networks: ['192.168.1.0/24'],
    names: ['192.168.1.20', 'laptop.local'],
    others: ['fd00::20', '10.8.0.2'],
  });
  expect(choose(undefined, [], '10.8.0.2')).toMatchObject({ address: '10.8.0.2', networks: ['10.8.0.0/16'] });
  expect(choose(undefined, [], 'fd00::20')).toMatchObject({ address: 'fd00::20', networks: ['fd00::/64'] });
});

it('serves what is asked for, and more networks only then', () => {
  expect(choose('172.17.0.1')).toMatchObject({ kind: 'virtual', networks: ['172.17.0.0/16'] });
  expect(choose('localhost')).toMatchObject({ kind: 'loopback', names: ['127.0.0.1', 'localhost'] });
  expect(choose(undefined, ['10.1.0.0/16', '192.168.7.9'])).toMatchObject({
    networks: ['192.168.1.0/24', '10.1.0.0/16', '192.168.7.9/32'],
  });
});

it.each([
  ['8.8.8.8', [], 'not an address of this computer'],
  ['203.0.113.7', [], 'no private address'],
  [undefined, ['0.0.0.0/0'], 'not a range of private addresses'],
  [undefined, ['8.8.8.0/24'], 'not a range of private addresses'],
  [undefined, ['10.0.0.1/8'], 'not a range of private addresses'],
  [undefined, ['nonsense'], 'not a range of private addresses'],
])('refuses %s %j', (asked, more, words) => {
  expect(() => choose(asked, more)).toThrow(words);
});

it('says so where there is no network', () => {
  expect(() => whereToServe(LAPTOP.slice(0, 1), undefined, [], undefined, () => false)).toThrow('no private network');
});

it('knows who is in a range', () => {
  expect(covers('192.168.1.0/24', '192.168.1.255')).toBe(true);
  expect(covers('192.168.1.0/24', '192.168.2.1')).toBe(false);
  expect(covers('192.168.1.0/24', '::ffff:192.168.1.1')).toBe(false);
  expect(covers('192.168.1.0/24', '')).toBe(false);
});
