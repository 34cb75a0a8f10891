import { describe, expect, it } from 'vitest';
import { validate } from '../config/validate.ts';
import { desiredFrom } from './desired.ts';
import { withProxies } from './proxies.ts';

const machine = { addresses: ['192.168.1.20'], localName: 'laptop.local', dataFolder: '/data' };

function read(proxies: unknown, hosts: unknown = ['a.test']) {
  const { config, diagnostics } = validate({ hosts, proxies }, { file: '/p/rcssl.config.json' });
  if (!config) throw new Error(JSON.stringify(diagnostics));
  return withProxies(desiredFrom(config, 'rcssl.config.json', machine), config);
}
async function mistakes(...all: Parameters<typeof read>): Promise<string[]> {
  const { diagnostics } = await read(...all);
  return diagnostics.map(({ code, place, args }) => `${code} ${place.path} ${'other' in args ? args.other : ''}`);
}
const host = (key: string) => [{ name: 'a.test', output: { key } }];
/** A file that Traefik reads beside the one that is declared. */
async function besideTraefik(): Promise<string> {
  const { desired } = await read([{ server: 'traefik', standalone: true }]);
  return desired.proxies[0]?.files[1]?.path ?? '';
}

describe('the files of a proxy', () => {
  it('are nobody else’s', async () => {
    const beside = await besideTraefik();
    expect(await mistakes([{ server: 'traefik', standalone: true }])).toEqual([]);
    expect(beside).toMatch(/^\/p\/proxy\//);
    expect(await mistakes([{ server: 'traefik', standalone: true }], host(beside))).toEqual([
      'config-same-path proxies[0] host:a.test',
    ]);
    expect(await mistakes([{ server: 'traefik', standalone: true }], host(`${beside}/x`))).toEqual([
      'config-path-in-path proxies[0] host:a.test',
    ]);
    expect(
      await mistakes([
        { server: 'traefik', standalone: true },
        { server: 'traefik', standalone: true, name: 'b', output: 'proxy/b.yml' },
      ]),
    ).toEqual([]);
  });

  it('of a copy of the root are among them', async () => {
    const auth = [{ server: 'nginx', clientAuth: true }];
    expect(await mistakes(auth, host('proxy/nginx.ca.crt'))).toEqual(['config-same-path proxies[0] host:a.test']);
  });

  it('do not lie where a server of its own writes', async () => {
    const own = { server: 'nginx', standalone: true };
    expect(await mistakes([own])).toEqual([]);
    expect(await mistakes([own], host('proxy/NGINX.run/a.key'))).toEqual([
      'config-path-in-path proxies[0] host:a.test',
    ]);
    expect(await mistakes([own, { server: 'traefik', output: 'proxy/nginx.run/t.yml' }])).toEqual([
      'config-path-in-path proxies[0] proxy:traefik',
    ]);
  });
});

it('this machine’s own names belong to the first host of a proxy that has them', async () => {
  const hosts = [
    { name: 'a.test', lan: true },
    { name: 'b.test', lan: true },
  ];
  const { desired, diagnostics } = await read([{ server: 'nginx' }], hosts);
  expect(diagnostics).toEqual([]);
  const text = desired.proxies[0]?.files[0].text ?? '';
  const lines = text.split('\n').filter((line) => line.includes('server_name') && line.includes('laptop.local'));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => line.includes('b.test'))).toEqual([]);
});
