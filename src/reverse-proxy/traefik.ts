import { isWild } from './precedence.ts';
import {
  asksInPart,
  bracketed,
  FROM_OUTSIDE,
  hostNames,
  IDLE_SECONDS,
  nameless,
  Unservable,
  urlOf,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { textOf } from './text.ts';
import { yamlLines, type Yaml } from './yaml.ts';

/*
 * Facts: the documentation of Traefik 3 (https://doc.traefik.io/traefik/), file provider; not run by the tests, since no
 * package registry has the program. Traefik takes client's X-Forwarded-* away by itself.
 */

export const traefik: ReverseProxy = {
  title: 'Traefik',
  write,
  more: (site, origin) =>
    site.folder === undefined
      ? []
      : [
          {
            name: `${site.name}.static.yml`,
            text: textOf(
              `# ${origin}`,
              '# traefik --configFile=THIS',
              traefikStatic(site, { filename: site.output, watch: true }),
            ),
          },
        ],
  check: undefined,
  // Certificates are not watched; the dynamic file is.
  reload: (file) => ({ does: { kind: 'rewrite', file } }),
  places: [
    { system: 'any', file: 'a file of the folder that providers.file watches', enable: 'nothing: Traefik watches it' },
  ],
  limits: (site) => [
    'a redirect answers GET with 301, not 308',
    'bodies have no limit of size: the one that Traefik has would hold back server-sent events',
    ...(nameless(site)
      ? ['clients that connect by address send no server name, so unknown names are not refused in the handshake']
      : []),
    ...(asksInPart(site) && site.hosts.some(({ clientAuth, addresses }) => clientAuth && addresses.length > 0)
      ? ['a host that asks for a certificate is not served by its address, since the handshake names none']
      : []),
  ],
};

/** Traefik sets X-Forwarded-Server itself. */
const DROPPED = FROM_OUTSIDE.filter((name) => name !== 'X-Forwarded-Server');

/** A dynamic file is a Go template before it is YAML. */
function plain(text: string): string {
  return text.replaceAll('{{', '{{"{{"}}');
}

function write(site: Site, origin: string): string {
  const points = entryPoints(site).map(({ name, address }) => `${name} on ${address}`);
  return textOf(
    `# ${origin}`,
    site.folder === undefined && [
      '# For a file provider (watch: true). The static configuration needs the entry points',
      `# ${points.join(', ')}, those for HTTPS with respondingTimeouts.readTimeout: 0.`,
    ],
    plain(yamlLines(dynamicOf(site)).join('\n')),
  );
}

function entryPoints(site: Site): { name: string; address: string; secure: boolean }[] {
  const named = (listeners: Site['listen'], name: string, secure: boolean) =>
    listeners.map(({ address, port }, n) => ({
      name: n === 0 ? name : `${name}-${n + 1}`,
      address: `${address === undefined ? '' : bracketed(address)}:${port}`,
      secure,
    }));
  return [...named(site.listen, site.name, true), ...named(site.redirectFrom, `${site.name}-plain`, false)];
}

/** The static configuration, whose `provider` names the dynamic one. */
export function traefikStatic(site: Site, provider: Yaml): string[] {
  const timeouts = { readTimeout: '0s', writeTimeout: '0s', idleTimeout: `${IDLE_SECONDS}s` };
  const points = entryPoints(site).map(
    ({ name, address }) => [name, { address, transport: { respondingTimeouts: timeouts } }] as const,
  );
  return yamlLines({
    entryPoints: Object.fromEntries(points),
    providers: { file: provider },
    ...(site.folder !== undefined && { log: { filePath: `${site.folder}/traefik.log` } }),
    global: { checkNewVersion: false, sendAnonymousUsage: false },
  });
}

function dynamicOf(site: Site): Yaml {
  const wild = asksInPart(site)
    ? site.hosts.find(({ clientAuth, domains }) => clientAuth && domains.some(isWild))
    : undefined;
  if (wild) {
    // The options of a connection are found by the names that its rule has written out.
    throw new Unservable(
      `Traefik cannot ask the clients of ${wild.domains.join(', ')} for a certificate and not those of other hosts`,
      'clientAuth for all hosts of the proxy, or names in place of the wildcard, or another server',
    );
  }
  const { name, hosts, hsts } = site;
  const points = entryPoints(site);
  const secure = points.filter((point) => point.secure).map((point) => point.name);
  const plainPoints = points.filter((point) => !point.secure).map((point) => point.name);
  const each = <T>(make: (host: SiteHost, route: Route, id: string, h: number) => T): [string, T][] =>
    hosts.flatMap((host, h) =>
      host.routes.map((route, r): [string, T] => [`${name}-${h}-${r}`, make(host, route, `${name}-${h}-${r}`, h)]),
    );
  const headers = {
    headers: {
      customRequestHeaders: Object.fromEntries(DROPPED.map((name) => [name, ''])),
      ...(hsts !== undefined && { stsSeconds: hsts }),
    },
  };
  const port = site.listen[0]?.port ?? 443;
  const redirect = { redirectScheme: { scheme: 'https', port: String(port), permanent: true } };
  const usesTls = hosts.some(({ routes }) => routes.some(({ upstreams }) => upstreams[0]?.tls));
  return {
    http: {
      routers: Object.fromEntries([
        ...each((host, route, id, h) => ({
          rule: rule(host, route),
          priority: priority(site, h, route),
          entryPoints: secure,
          service: id,
          middlewares: [`${name}-headers`],
          tls: asksInPart(site) && host.clientAuth ? { options: `${name}-${h}` } : {},
        })),
        ...(plainPoints.length === 0
          ? []
          : hosts.map((host, h): [string, Yaml] => [
              `${name}-plain-${h}`,
              {
                rule: rule(host),
                priority: priority(site, h),
                entryPoints: plainPoints,
                service: 'noop@internal',
                middlewares: [`${name}-redirect`],
              },
            ])),
      ]),
      middlewares: { [`${name}-headers`]: headers, ...(plainPoints.length > 0 && { [`${name}-redirect`]: redirect }) },
      services: Object.fromEntries(each((_, { upstreams }, id) => ({ loadBalancer: balancer(site, upstreams, id) }))),
      ...(usesTls && { serversTransports: { [`${name}-tls`]: { insecureSkipVerify: true } } }),
    },
    tls: {
      certificates: hosts.map(({ chain, key }) => ({ certFile: chain, keyFile: key })),
      options: {
        // Of every host that asks for nothing else, of no name, and of names that nobody has.
        default: tlsOptions(site, asksInPart(site) ? undefined : hosts[0]?.clientAuth),
        ...(asksInPart(site) &&
          Object.fromEntries(
            hosts.flatMap(({ clientAuth }, h) => (clientAuth ? [[`${name}-${h}`, tlsOptions(site, clientAuth)]] : [])),
          )),
      },
    },
  };
}

/** Traefik takes the longest rule first, which that of a wildcard is: the order of the hosts says it, and then the path. */
function priority({ hosts }: Site, h: number, route?: Route): number {
  const routes = (host: SiteHost): number => host.routes.length;
  const most = Math.max(...hosts.map(routes));
  return (hosts.length - h) * most - (route && hosts[h] ? hosts[h].routes.indexOf(route) : 0);
}

function tlsOptions(site: Site, auth: SiteHost['clientAuth']): Yaml {
  return {
    minVersion: 'VersionTLS12',
    sniStrict: nameless(site) === undefined,
    ...(auth && {
      clientAuth: {
        caFiles: [auth.ca],
        clientAuthType: auth.optional ? 'VerifyClientCertIfGiven' : 'RequireAndVerifyClientCert',
      },
    }),
  };
}

function balancer({ name }: Site, upstreams: Route['upstreams'], id: string): Yaml {
  return {
    servers: upstreams.map((upstream) => ({ url: urlOf(upstream) })),
    ...(upstreams.length > 1 && { sticky: { cookie: { name: id, secure: true, httpOnly: true } } }),
    ...(upstreams[0]?.tls && { serversTransport: `${name}-tls` }),
  };
}

function rule(host: SiteHost, route?: Route): string {
  const names = hostNames(host).map((one) =>
    one.startsWith('*.') ? `HostRegexp(\`^[^.]+${one.slice(1).replaceAll('.', '[.]')}$\`)` : `Host(\`${one}\`)`,
  );
  const any = names.length > 1 ? `(${names.join(' || ')})` : (names[0] ?? '');
  if (!route || route.path === '/') return any;
  return `${any} && (Path(\`${route.path}\`) || PathPrefix(\`${route.path}/\`))`;
}
