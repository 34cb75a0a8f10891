import { describe, expect, it } from 'vitest';
import type { UserProxy } from './user-config.ts';
import { validate } from './validate.ts';

const read = (proxies: unknown, hosts: unknown = ['localhost', { name: 'chat.test', altNames: ['::1'] }]) =>
  validate({ hosts, proxies }, { file: '/p/rcssl.config.json' });
const one = (proxy: UserProxy) => read([proxy]).config?.proxies[0];
const mistakes = (proxies: unknown) => read(proxies).diagnostics.map(({ code, place }) => `${code} ${place.path}`);

describe('proxies', () => {
  it('of a server alone serve every host to the port of Rocket.Chat', () => {
    expect(one({ server: 'nginx' })).toMatchObject({
      id: 'proxy:nginx',
      output: { path: '/p/proxy/nginx.conf' },
      hosts: ['host:localhost', 'host:chat.test'],
      routes: [{ host: undefined, path: '/', upstreams: [{ tls: false, host: '127.0.0.1', port: 3000 }] }],
      listen: [{ address: undefined, port: 443 }],
      redirectFrom: [{ address: undefined, port: 80 }],
      maxBody: 200 * 1024 * 1024,
      clientAuth: undefined,
      hsts: undefined,
      validate: true,
      reload: false,
    });
  });

  it('have routes by host and path, the one that says most first', () => {
    const proxy = one({
      server: 'nginx',
      upstream: ['http://[::1]:3000', 'http://app:3001'],
      routes: [
        { path: '/api/', upstream: 'https://api.test' },
        { host: 'chat.test', upstream: 'http://127.0.0.1:4000' },
        { host: 'chat.test', path: '/api', upstream: 'http://127.0.0.1:4001' },
      ],
    });
    expect(proxy?.routes.map(({ host, path, upstreams }) => [host, path, upstreams.map(({ port }) => port)])).toEqual([
      ['host:chat.test', '/api', [4001]],
      [undefined, '/api', [443]],
      ['host:chat.test', '/', [4000]],
      [undefined, '/', [3000, 3001]],
    ]);
  });

  it('give their hosts key and chain in one file where the server wants it', () => {
    const combined = (proxies: UserProxy[]) => read(proxies).config?.hosts.map(({ output }) => output.combined?.path);
    expect(combined([{ server: 'nginx' }])).toEqual([undefined, undefined]);
    expect(combined([{ server: 'haproxy', hosts: ['chat.test'] }])).toEqual([undefined, '/p/certs/chat.test.pem']);
  });

  it('serve the hosts that are servers where they name none', () => {
    const hosts = [
      { name: 'phone.test', usage: ['client'] },
      { name: 'both.test', usage: ['client', 'server'] },
      'a.test',
    ];
    const { config } = read([{ server: 'haproxy', clientAuth: true }], hosts);
    expect(config?.proxies[0]?.hosts).toEqual(['host:both.test', 'host:a.test']);
    expect(config?.proxies[0]?.clientAuth?.hosts).toEqual(['host:both.test', 'host:a.test']);
    expect(config?.hosts.map(({ output }) => output.combined !== undefined)).toEqual([false, true, true]);
    expect(read([{ server: 'nginx', hosts: ['phone.test'] }], hosts).config?.proxies[0]?.hosts).toEqual([
      'host:phone.test',
    ]);
  });

  it('have no two hosts of one name', () => {
    const hosts = [
      { name: 'a.test', altNames: ['www.test'] },
      { name: 'b.test', altNames: ['WWW.test', 'a.test'] },
    ];
    const codes = (proxies: unknown) =>
      read(proxies, hosts).diagnostics.map(({ code, place }) => `${code} ${place.path}`);
    expect(codes([{ server: 'nginx' }])).toEqual(['config-proxy-shared-name proxies[0]']);
    expect(
      codes([
        { server: 'nginx', hosts: ['a.test'] },
        { server: 'caddy', hosts: ['b.test'] },
      ]),
    ).toEqual([]);
  });

  it('of one server share no listener, unless each is a server of its own', () => {
    const two = (one: object, other: object) =>
      mistakes([
        { server: 'nginx', ...one },
        { server: 'nginx', name: 'b', ...other },
      ]);
    const refused = ['config-proxy-port-shared proxies[1]'];
    expect(two({}, {})).toEqual(refused);
    expect(two({}, { listen: 8443 })).toEqual(refused);
    expect(two({}, { listen: 8443, redirectFrom: false })).toEqual([]);
    expect(two({}, { listen: '127.0.0.1:443', redirectFrom: false })).toEqual(refused);
    expect(two({ listen: '127.0.0.1:443' }, { listen: '[::1]:443', redirectFrom: false })).toEqual([]);
    expect(two({}, { standalone: true })).toEqual([]);
    expect(mistakes([{ server: 'nginx' }, { server: 'caddy' }])).toEqual([]);
    expect(mistakes([{ server: 'kubernetes' }, { server: 'kubernetes', name: 'b' }])).toEqual([]);
  });

  it('are told all that is wrong with them', () => {
    expect(mistakes([{ server: 'ngnix' }])).toEqual(['config-bad-value proxies[0].server']);
    expect(mistakes([{ server: 'nginx', uptream: 'http://a' }])).toEqual(['config-unknown-key proxies[0].uptream']);
    expect(mistakes([{ server: 'nginx' }, { server: 'nginx', output: 'other.conf', standalone: true }])).toEqual([
      'config-proxy-twice proxies[1]',
    ]);
    expect(mistakes([{ server: 'nginx', output: 'certs/localhost.key' }])).toEqual([
      'config-same-path proxies[0].output',
    ]);
    const to = (path: string) => ({ path, upstream: 'http://127.0.0.1:4000' });
    expect(mistakes([{ server: 'nginx', routes: [to('/x'), to('/y'), to('//x/')] }])).toEqual([
      'config-route-twice proxies[0].routes[2]',
    ]);
    expect(mistakes([{ server: 'nginx', upstream: 'http://127.0.0.1:1', routes: [to('/')] }])).toEqual([
      'config-route-twice proxies[0].routes[0]',
    ]);
    expect(mistakes([{ server: 'nginx', hosts: ['chat.tst'] }])).toEqual(['config-proxy-host proxies[0].hosts[0]']);
    expect(mistakes([{ server: 'nginx', listen: ['8443', 'here:1', 70000] }])).toEqual([
      'config-bad-value proxies[0].listen[2]',
    ]);
    expect(mistakes([{ server: 'nginx', listen: ['8443', 'here:1'] }])).toEqual(['config-listen proxies[0].listen[1]']);
    expect(mistakes([{ server: 'nginx', listen: 80 }])).toEqual(['config-listen-twice proxies[0]']);
    expect(mistakes([{ server: 'nginx', output: '../nginx.conf' }])).toEqual(['config-path-outside proxies[0].output']);
  });

  it.each([
    'app:3000',
    'http://app/path',
    'http://user:pass@app',
    'http://app:0',
    'http://app:99999',
    'http://a b',
    'http://a;b',
    'http://a"b',
    'http://a\nb',
    'http://${a}',
    'http://[::g]:1',
    'ftp://app',
    '',
  ])('have no upstream such as %j', (upstream) => {
    expect(mistakes([{ server: 'nginx', upstream }])).toEqual(['config-upstream proxies[0].upstream']);
  });

  it.each(['api', '/a b', '/a;', '/a"', '/{a}', '/$a', '/a\n', '/a#', "/a'", '/a\\', '/ü'])(
    'have no route of a path such as %j',
    (path) => {
      expect(mistakes([{ server: 'nginx', routes: [{ path, upstream: 'http://a' }] }])).toEqual([
        'config-bad-value proxies[0].routes[0].path',
      ]);
    },
  );
});
