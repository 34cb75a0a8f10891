import { oneLine } from './comment.ts';
import type { ReverseProxy, Route, Site, SiteHost } from './site.ts';
import { textOf } from './text.ts';
import { yamlLines, type Yaml } from './yaml.ts';

/*
 * Facts: https://gateway-api.sigs.k8s.io/ v1.2 and https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets.
 * Not run by the tests. The key is not in this file: the commands in it make the Secret from the files.
 */

export const kubernetes: ReverseProxy = {
  title: 'Kubernetes (Gateway API)',
  write,
  check: undefined,
  reload: () => undefined,
  places: [{ system: 'any', file: 'a file of its own', enable: 'the commands at the top of the file' }],
  limits: (site) => [
    "what a Gateway does beyond TLS, routes and the redirect is its implementation's: limits of size, timeouts, and 308, which is an extended feature",
    'the Secrets are made, and renewed, by the commands in the file',
    ...(site.hosts.some(({ clientAuth }) => clientAuth)
      ? ['mutual TLS is not part of the Gateway API v1.2: configure it as your implementation has it']
      : []),
    ...(site.hosts.some(({ addresses }) => addresses.length > 0)
      ? ['a Gateway serves names alone: what is asked of an address gets no answer']
      : []),
    ...(site.hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams[0]?.tls))
      ? ['an upstream by https:// is asked by plain HTTP, unless a BackendTLSPolicy of yours says otherwise']
      : []),
  ],
};

function write(site: Site, origin: string): string {
  const documents = [
    gateway(site),
    ...site.hosts.flatMap((host, h) => (host.domains.length > 0 ? [httpRoute(site, host, h)] : [])),
    ...(site.redirectFrom.length > 0 ? [redirect(site)] : []),
  ];
  return textOf(
    `# ${origin}`,
    secretCommands(site),
    documents.map((document) => ['---', ...yamlLines(document)]),
  );
}

/** The lines that make a Secret of each pair, in a comment. */
export function secretCommands(site: Site): string[] {
  return [
    '# Once, and after each renewal:',
    ...site.hosts.map(
      ({ chain, key }, h) =>
        `#   kubectl create secret tls ${secretName(site, h)} --cert=${oneLine(chain)} --key=${oneLine(key)} --dry-run=client -o yaml | kubectl apply -f -`,
    ),
    '#   kubectl apply -f THIS',
  ];
}

/** Of a host, by its place. */
export function secretName({ name }: Site, h: number): string {
  return `rcssl-${name}-${h}`;
}

function resource(kind: string, name: string, spec: Yaml): Yaml {
  return { apiVersion: 'gateway.networking.k8s.io/v1', kind, metadata: { name }, spec };
}

function gateway(site: Site): Yaml {
  const port = site.listen[0]?.port ?? 443;
  const secure = site.hosts.flatMap(({ domains }, h) =>
    domains.map((hostname, n) => ({
      name: `https-${h}-${n}`,
      hostname,
      port,
      protocol: 'HTTPS',
      tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: secretName(site, h) }] },
    })),
  );
  const plain = site.redirectFrom.slice(0, 1).map((at) => ({ name: 'http', port: at.port, protocol: 'HTTP' }));
  return resource('Gateway', `rcssl-${site.name}`, { gatewayClassName: 'CHANGE-ME', listeners: [...secure, ...plain] });
}

function httpRoute(site: Site, { domains, routes }: SiteHost, h: number): Yaml {
  return resource('HTTPRoute', `rcssl-${site.name}-${h}`, {
    parentRefs: domains.map((_, n) => ({ name: `rcssl-${site.name}`, sectionName: `https-${h}-${n}` })),
    hostnames: domains,
    rules: routes.map(({ path, upstreams }: Route) => ({
      matches: [{ path: { type: 'PathPrefix', value: path } }],
      timeouts: { request: '0s' },
      // Services of the cluster, by the names of the upstreams.
      backendRefs: upstreams.map(({ host, port }) => ({ name: host, port })),
    })),
  });
}

function redirect(site: Site): Yaml {
  return resource('HTTPRoute', `rcssl-${site.name}-redirect`, {
    parentRefs: [{ name: `rcssl-${site.name}`, sectionName: 'http' }],
    hostnames: site.hosts.flatMap(({ domains }) => domains),
    rules: [
      {
        filters: [
          {
            type: 'RequestRedirect',
            requestRedirect: { scheme: 'https', port: site.listen[0]?.port ?? 443, statusCode: 308 },
          },
        ],
      },
    ],
  });
}
