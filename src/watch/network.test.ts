import { expect, it } from 'vitest';
import { MINUTE } from '../kernel/duration.ts';
import { fakeTime } from '../testing/fake-time.ts';
import type { Cause } from './machine.ts';
import { networkSource } from './network.ts';

it('tells of addresses that come and go, as long as a host has them', () => {
  const time = fakeTime(0);
  let addresses = ['192.168.1.20'];
  const told: Cause[] = [];
  const source = networkSource(time, () => ({ addresses, localName: 'laptop.local', dataFolder: '/' }));
  const follow = (network: boolean) => source.follow?.({ paths: [], nextChange: undefined, network });
  void source.start((what) => what.kind === 'change' && told.push(what.cause));
  follow(false);
  time.pass(MINUTE);
  expect(time.fired()).toBe(0);
  follow(true);
  time.pass(MINUTE);
  expect(told).toEqual([]);
  addresses = ['10.0.0.7'];
  time.pass(MINUTE);
  expect(told).toEqual([{ code: 'network', added: ['10.0.0.7'], removed: ['192.168.1.20'] }]);
  follow(false);
  addresses = [];
  time.pass(MINUTE);
  expect(told).toHaveLength(1);
});

it('tells of an address that came while the first run was at work', () => {
  const told: unknown[] = [];
  const time = fakeTime(0);
  let addresses = ['192.168.1.20'];
  const source = networkSource(time, () => ({ addresses, localName: undefined, dataFolder: '/' }));
  source.start((input) => void told.push('cause' in input ? input.cause : input));
  // The run has read the addresses, and is not over.
  addresses = ['192.168.1.20', '10.0.0.7'];
  source.follow?.({ paths: [], nextChange: undefined, network: true });
  time.pass(5000);
  expect(told).toEqual([{ code: 'network', added: ['10.0.0.7'], removed: [] }]);
});
