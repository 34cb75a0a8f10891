import { oneLine } from './comment.ts';
import { Unservable, type Listener, type ReverseProxy, type Route, type Site, type SiteHost } from './site.ts';
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
    ...(site.hosts.some(({ addresses }) => addresses.length > 0)
      ? ['a Gateway serves names alone: what is asked of an address gets no answer']
      : []),
    ...(site.hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams[0]?.tls))
      ? ['an upstream by https:// is asked by plain HTTP, unless a BackendTLSPolicy of yours says otherwise']
      : []),
  ],
};

function write(site: Site, origin: string): string {
  servesOnly(site);
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

/** What a resource of Kubernetes cannot say, and would let somebody past or lead nowhere. */
export function servesOnly({ hosts }: Site): void {
  if (hosts.some(({ clientAuth }) => clientAuth)) {
    throw new Unservable(
      'neither an Ingress nor a Gateway (v1.2) asks clients for a certificate',
      'leave clientAuth out, and configure it as your controller has it, or take another server',
    );
  }
  const upstreams = hosts.flatMap(({ routes }) => routes.flatMap((route) => route.upstreams));
  const strange = upstreams.find(({ host }) => !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(host));
  if (strange) {
    throw new Unservable(
      `the upstream ${strange.host} is no name of a Service, which is all that Kubernetes takes`,
      "upstream: 'http://rocketchat:3000', by the Service's name and port",
    );
  }
}

/** The lines that make a Secret of each pair, in a comment. */
export function secretCommands(site: Site): string[] {
  return [
    '# Once, and after each renewal:',
    ...site.hosts.flatMap(({ domains, chain, key }, h) =>
      domains.length === 0
        ? []
        : `#   kubectl create secret tls ${secretName(site, h)} --cert=${oneLine(chain)} --key=${oneLine(key)} --dry-run=client -o yaml | kubectl apply -f -`,
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

/** A Gateway has ports, and the addresses that it is given. */
function ports(listeners: readonly Listener[]): number[] {
  return [...new Set(listeners.map(({ port }) => port))];
}

/** The listeners of a host: one a name and port. */
function sections({ listen }: Site, { domains }: SiteHost, h: number) {
  return domains.flatMap((hostname, n) =>
    ports(listen).map((port, p) => ({ name: `https-${h}-${n}${p === 0 ? '' : `-${p}`}`, hostname, port })),
  );
}

function plainSections({ redirectFrom }: Site) {
  return ports(redirectFrom).map((port, p) => ({ name: `http${p === 0 ? '' : `-${p}`}`, port }));
}

function gateway(site: Site): Yaml {
  const secure = site.hosts.flatMap((host, h) =>
    sections(site, host, h).map((section) => ({
      ...section,
      protocol: 'HTTPS',
      tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: secretName(site, h) }] },
    })),
  );
  const plain = plainSections(site).map((section) => ({ ...section, protocol: 'HTTP' }));
  return resource('Gateway', `rcssl-${site.name}`, { gatewayClassName: 'CHANGE-ME', listeners: [...secure, ...plain] });
}

function parents(site: Site, of: readonly { readonly name: string }[]): Yaml {
  return of.map(({ name }) => ({ name: `rcssl-${site.name}`, sectionName: name }));
}

function httpRoute(site: Site, host: SiteHost, h: number): Yaml {
  const { domains, routes } = host;
  return resource('HTTPRoute', `rcssl-${site.name}-${h}`, {
    parentRefs: parents(site, sections(site, host, h)),
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
    parentRefs: parents(site, plainSections(site)),
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
