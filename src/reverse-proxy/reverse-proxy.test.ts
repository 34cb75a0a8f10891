import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { isSealed, origin, sealed } from '../formats/seal.ts';
import { SERVERS, type ProxyServer } from './registry.ts';
import { LANGUAGES } from '../testing/reverse-proxy/languages.ts';
import { Unservable, Unwritable, type Site, type SiteHost } from './site.ts';

const host = (more: Partial<SiteHost> = {}): SiteHost => ({
  domains: ['app.test', '*.app.test'],
  addresses: [],
  key: '/certs/app.test.key',
  chain: '/certs/app.test.fullchain.pem',
  combined: '/certs/app.test.pem',
  pfx: '/certs/app.test.pfx',
  clientAuth: undefined,
  routes: [
    { path: '/api', upstreams: [{ tls: true, host: '::1', port: 4000 }] },
    {
      path: '/',
      upstreams: [
        { tls: false, host: '127.0.0.1', port: 3000 },
        { tls: false, host: 'app', port: 3001 },
      ],
    },
  ],
  ...more,
});

const site = (more: Partial<Site> = {}): Site => ({
  name: 'x',
  output: '/proxy/site',
  folder: '/proxy/x.run',
  listen: [{ address: undefined, port: 8443 }],
  redirectFrom: [{ address: '127.0.0.1', port: 8080 }],
  hosts: [host()],
  maxBody: 1024,
  hsts: 60,
  modules: '/usr/lib/apache2/modules',
  ...more,
});

const MARK = origin('rcssl.config.ts');

/** Kubernetes knows Services alone, and asks nobody for a certificate. */
function siteFor(server: ProxyServer, more: Partial<Site> = {}): Site {
  const whole = site(more);
  if (!server.startsWith('kubernetes')) return whole;
  const routesOf = ({ routes }: SiteHost) =>
    routes.map(({ path, upstreams }) => ({
      path,
      upstreams: upstreams.map((one) => ({ ...one, host: 'rocketchat' })),
    }));
  return { ...whole, hosts: whole.hosts.map((one) => ({ ...one, clientAuth: undefined, routes: routesOf(one) })) };
}

describe.each(SERVERS)('%s', (server) => {
  const proxy = LANGUAGES[server];
  const local = host({
    domains: ['localhost'],
    addresses: ['127.0.0.1', '::1'],
    clientAuth: { ca: '/certs/root.crt', optional: false },
  });

  it('writes a whole configuration', async () => {
    await expect(sealed(proxy.write(siteFor(server), MARK))).toMatchFileSnapshot(
      `../../fixtures/reverse-proxies/${server}.whole.txt`,
    );
  });

  it('writes a part, with addresses and mutual TLS', async () => {
    // lighttpd asks of all hosts or of none.
    const first = server === 'lighttpd' ? host({ clientAuth: local.clientAuth }) : host();
    const text = proxy.write(siteFor(server, { folder: undefined, hosts: [first, local], hsts: undefined }), MARK);
    await expect(sealed(text)).toMatchFileSnapshot(`../../fixtures/reverse-proxies/${server}.part.txt`);
    expect(text).not.toMatch(/strict-transport|hsts|stsSeconds/i);
  });

  it('says by whom it was made, ends with a newline, and shows an edit', () => {
    for (const text of [
      proxy.write(siteFor(server), MARK),
      ...(proxy.more?.(siteFor(server), MARK) ?? []).map((file) => file.text),
    ].map(sealed)) {
      expect(text.slice(0, 400)).toContain('Made by rcssl from rcssl.config.ts');
      expect(text).toMatch(/[^\n]\n$/);
      expect(isSealed(text)).toBe(true);
      expect(isSealed(`${text}#`)).toBe(false);
    }
  });

  it('lets no path out of its place', () => {
    for (const hostile of [
      'a"; }\n evil on;\n',
      "'; evil; '",
      '`evil`',
      '--><evil/>',
      '{{ evil }}',
      '$(evil)',
      '\u2028evil',
    ]) {
      const key = `/c/${hostile}/k`;
      // Raw line breaks inside of quotation marks: hostile-paths.int.test.ts has the servers read them.
      if (hostile.includes('\n') && ['caddy', 'lighttpd'].includes(server)) continue;
      try {
        const text = proxy.write(
          siteFor(server, {
            hosts: [host({ key, chain: `/c/${hostile}/c`, combined: `/c/${hostile}/p`, pfx: `/c/${hostile}/x` })],
          }),
          MARK,
        );
        expect(text.split('\n').filter((line) => /^\s*(?:evil|<evil)/.test(line))).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(Unwritable);
      }
    }
  });
});

describe('what a server cannot do', () => {
  const limits = (server: ProxyServer, more: Partial<Site>) =>
    LANGUAGES[server].limits(site({ folder: undefined, ...more })).join('\n');

  it('is said of nginx and long names', () => {
    expect(limits('nginx', { hosts: [host({ domains: [`${'a'.repeat(41)}.test`] })] })).not.toContain('bucket_size');
    expect(limits('nginx', { hosts: [host({ domains: [`${'a'.repeat(42)}.test`] })] })).toContain('bucket_size 128;');
  });

  it("is said of nginx, an upstream's name and a $", () => {
    const upstream = (name: string) => [{ path: '/', upstreams: [{ tls: false, host: name, port: 3000 }] }];
    expect(limits('nginx', { hosts: [host({ routes: upstream('::1') })] })).toBe('');
    expect(limits('nginx', { hosts: [host({ routes: upstream('app') })] })).toContain('does not resolve');
    expect(limits('nginx', { hosts: [host({ routes: upstream('::1'), key: '/$/k' })] })).toContain('a $ in it');
  });

  it('is said of Caddy and port 80, which a part cannot keep it from', () => {
    const said = 'Caddy listens on port 80';
    expect(limits('caddy', {})).toContain(said);
    expect(limits('caddy', { redirectFrom: [{ address: undefined, port: 80 }] })).not.toContain(said);
    expect(limits('caddy', { folder: '/x' })).not.toContain(said);
    expect(limits('snap', { redirectFrom: [] })).not.toContain(said);
    const part = LANGUAGES.caddy.write(site({ folder: undefined, redirectFrom: [] }), MARK);
    expect(part).toContain('auto_https disable_redirects');
  });

  it('is said of the second of two hosts with addresses', () => {
    const hosts = [host({ addresses: ['10.0.0.1'] }), host({ addresses: ['::1'] })];
    for (const server of ['nginx', 'apache', 'haproxy', 'lighttpd', 'caddy-json', 'envoy'] as const) {
      expect(limits(server, { hosts }), server).toContain('by its address ::1 the certificate of 10.0.0.1 is shown');
    }
  });

  it("is said of lighttpd's and Apache's surroundings", () => {
    expect(limits('lighttpd', {})).toContain('%2F');
    expect(limits('lighttpd', {})).toContain('gets what the rest of the configuration has for it');
    expect(limits('lighttpd', { folder: '/x' })).not.toContain('%2F');
    expect(limits('apache', {})).toContain('Listen');
  });
});

it('a snap reads its own copy of what clients are judged by', () => {
  const hosts = [host({ clientAuth: { ca: '/certs/root.crt', optional: false } })];
  const text = LANGUAGES.snap.write(site({ hosts }), MARK);
  expect(text).toContain('sudo install -m 0644 /certs/root.crt /var/snap/rocketchat-server/current/rcssl-0.ca.crt');
  expect(text.split('\n').filter((line) => line.includes('/certs/') && !line.startsWith('#'))).toEqual([]);
});

it('Caddy gets no path with a placeholder in it', () => {
  for (const key of ['/c/{env.HOME}', '/c/{file./etc/x}', '/c/{a b}']) {
    for (const server of ['caddy', 'caddy-json'] as const) {
      expect(() => LANGUAGES[server].write(site({ hosts: [host({ key })] }), MARK)).toThrow(Unwritable);
    }
  }
});

describe('hosts that ask for a certificate beside hosts that do not', () => {
  const clientAuth = { ca: '/certs/root.crt', optional: false };
  const open = host({ domains: ['*.dev.test'] });
  const closed = host({ domains: ['app.dev.test'], addresses: ['10.0.0.1'], clientAuth, chain: '/certs/closed.pem' });
  const text = (server: ProxyServer, hosts: SiteHost[]) => LANGUAGES[server].write(site({ hosts }), MARK);

  it('are not written for lighttpd, nor a wildcard among them for Traefik', () => {
    expect(() => text('lighttpd', [open, closed])).toThrow(Unservable);
    expect(() => text('traefik', [closed, { ...open, clientAuth }, host()])).toThrow(Unservable);
    expect(text('traefik', [closed, { ...open, clientAuth }])).toContain('clientAuthType');
  });

  it('have a connection each with Envoy, which is for no other host', () => {
    const written = load(text('envoy', [closed, open])) as {
      static_resources: { listeners: { filter_chains: { filters: { typed_config: object }[] }[] }[] };
    };
    const chains = written.static_resources.listeners[0]?.filter_chains ?? [];
    const domains = chains.map(({ filters: [manager] }) => {
      const config = manager?.typed_config as {
        route_config: { virtual_hosts: { name: string; domains: string[] }[] };
      };
      return config.route_config.virtual_hosts.map(({ name, domains: all }) => [name, ...all].join(' '));
    });
    expect(domains).toEqual([
      ['host0 app.dev.test app.dev.test:* 10.0.0.1 10.0.0.1:*', 'others * *.dev.test'],
      ['host1 *.dev.test', 'others * app.dev.test app.dev.test:* 10.0.0.1 10.0.0.1:*'],
    ]);
  });

  it('are told apart by Traefik in the order that they stand in', () => {
    const written = load(text('traefik', [closed, open])) as {
      http: { routers: Record<string, { rule: string; priority: number; tls?: { options?: string } }> };
    };
    const routers = Object.values(written.http.routers).filter(({ tls }) => tls);
    expect(routers.map(({ tls }) => tls?.options)).toEqual(['x-0', 'x-0', undefined, undefined]);
    const priorities = routers.map(({ priority }) => priority);
    expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
    expect(new Set(priorities).size).toBe(4);
    expect(Math.min(...priorities)).toBeGreaterThan(0);
  });
});

describe('Kubernetes', () => {
  const text = (more: Partial<Site>) => LANGUAGES.kubernetes.write(siteFor('kubernetes', more), MARK);

  it('gets no upstream by its address, and no host that asks for a certificate', () => {
    const service = [{ path: '/', upstreams: [{ tls: false, host: 'rocketchat', port: 3000 }] }];
    const asking = host({ routes: service, clientAuth: { ca: '/certs/root.crt', optional: true } });
    for (const server of ['kubernetes', 'kubernetes-ingress'] as const) {
      const write = (hosts: SiteHost[]) => LANGUAGES[server].write(site({ hosts }), MARK);
      expect(() => write([host()])).toThrow('the upstream ::1 is no name of a Service');
      expect(() => write([asking])).toThrow('asks clients for a certificate');
      expect(write([host({ routes: service })])).toContain('kind: ');
    }
  });

  it('has a listener a name and port, and a Secret of hosts with names alone', () => {
    const ports = [443, 8443].map((port) => ({ address: undefined, port }));
    const written = text({
      listen: ports,
      redirectFrom: ports,
      hosts: [host({ domains: [], addresses: ['::1'] }), host()],
    });
    const [gateway] = loadAll(written).filter(Boolean) as { spec: { listeners: { name: string; port: number }[] } }[];
    const listeners = gateway?.spec.listeners.map(({ name, port }) => `${name} ${port}`) ?? [];
    expect(listeners.slice(0, 2)).toEqual(['https-1-0 443', 'https-1-0-1 8443']);
    expect(listeners.slice(-2)).toEqual(['http 443', 'http-1 8443']);
    expect(written.match(/create secret/g)).toHaveLength(1);
  });
});

it('a reload starts no server that does not run', () => {
  const part = site({ folder: undefined });
  for (const server of ['caddy', 'haproxy', 'lighttpd'] as const) {
    expect(LANGUAGES[server].reload('/x', part)?.does).toMatchObject({
      argv: ['systemctl', expect.stringMatching(/^try-/), server],
    });
  }
  expect(LANGUAGES.apache.reload('/x', part)?.runningIf).toContain('/run/apache2/apache2.pid');
});

it('IIS passes the path on as it came, its query once', () => {
  const text = LANGUAGES.iis.write(site(), MARK);
  expect(text).toContain('<rules useOriginalURLEncoding="false">');
  for (const line of text.split('\n').filter((one) => one.includes('{UNENCODED_URL}'))) {
    expect(line).toContain('appendQueryString="false"');
  }
});

describe('what is YAML', () => {
  const text = (server: ProxyServer, more: Partial<Site>) => LANGUAGES[server].write(site(more), MARK);

  it('holds every path as it is', () => {
    for (const path of ['/c/a b', '/c/"#: {', "/c/'%@`", '/c/\\x\n\t', '/c/\u2028\u0085ü日', '/c/yes', '/c/${HOME}']) {
      const hosts = [host({ key: path, chain: `${path}.pem` })];
      const traefik = load(text('traefik', { hosts })) as { tls: { certificates: unknown } };
      expect(traefik.tls.certificates).toEqual([{ certFile: `${path}.pem`, keyFile: path }]);
      const [sds] = LANGUAGES.envoy.more?.(site({ hosts }), MARK) ?? [];
      expect(JSON.stringify(load(sds?.text ?? ''))).toContain(JSON.stringify(path));
    }
  });

  it('has Envoy watch the folder that something is moved into: the one of the pair, or that of the link before it', () => {
    const watched = (link: string | undefined) =>
      LANGUAGES.envoy.more?.(site({ hosts: [host({ key: '/certs/app/app.key', link })] }), MARK)[0]?.text;
    expect(watched(undefined)).toMatch(/watched_directory:\s+path: "?\/certs\/app"?\n/);
    expect(watched('/certs/app')).toMatch(/watched_directory:\s+path: "?\/certs"?\n/);
  });

  it('holds what a Go template would run as a text', () => {
    const hosts = [host({ key: '/c/{{ env "HOME" }}' })];
    expect(text('traefik', { hosts })).toContain(String.raw`/c/{{"{{"}} env \"HOME\" }}`);
  });

  it('is read by another reader', () => {
    expect(load(text('envoy', {}))).toHaveProperty(
      'static_resources.listeners.0.filter_chains.0.filter_chain_match.server_names',
    );
    expect(load(text('compose', {}))).toHaveProperty('services.proxy.image');
    const kinds = loadAll(LANGUAGES.kubernetes.write(siteFor('kubernetes'), MARK)).map(
      (document) => (document as { kind?: string } | null)?.kind,
    );
    expect(kinds.filter(Boolean)).toEqual(['Gateway', 'HTTPRoute', 'HTTPRoute']);
  });
});
