import { dirname, join } from 'node:path';
import {
  FROM_OUTSIDE,
  hostNames,
  IDLE_SECONDS,
  nameless,
  secondAddress,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';
import { textOf } from './text.ts';
import { yamlLines, type Yaml } from './yaml.ts';

/*
 * Facts: https://www.envoyproxy.io/docs/envoy/latest/; not run by the tests, since no package registry has the program.
 * Certificates by SDS from a file are read anew when something is moved into their folder, as rcssl does.
 */

const TYPES = 'type.googleapis.com/envoy.extensions';

export const envoy: ReverseProxy = {
  title: 'Envoy',
  write: (site, origin) => textOf(`# ${origin}`, `# envoy -c THIS`, yamlLines(bootstrap(site))),
  more: (site, origin) =>
    site.hosts.map((host, h) => ({
      name: secretName(site, h),
      text: textOf(`# ${origin}`, yamlLines(secret(host, h))),
    })),
  check: undefined,
  reload: () => undefined,
  places: [{ system: 'any', file: 'a file of its own', enable: 'envoy -c THIS' }],
  limits: (site) => [
    'bodies have no limit of size: the one that Envoy has would hold them back whole',
    ...(nameless(site)
      ? ['clients that connect by address send no server name, and unknown names see the certificate of the address']
      : []),
    ...secondAddress(site),
  ],
};

function secretName({ name }: Site, h: number): string {
  return `${name}.sds-${h}.yaml`;
}

/** Envoy looks when something is moved into the folder: the pair, or the link that it lies behind. */
function secret({ key, chain, link }: SiteHost, h: number): Yaml {
  return {
    resources: [
      {
        '@type': `${TYPES}.transport_sockets.tls.v3.Secret`,
        name: `host${h}`,
        tls_certificate: {
          certificate_chain: { filename: chain },
          private_key: { filename: key },
          watched_directory: { path: dirname(link ?? key) },
        },
      },
    ],
  };
}

function bootstrap(site: Site): Yaml {
  const routes = site.hosts.flatMap((host, h) =>
    host.routes.map((route, r) => cluster(route, clusterName(site, h, r))),
  );
  return {
    ...(site.folder !== undefined && { admin: { address: { pipe: { path: `${site.folder}/admin.sock` } } } }),
    static_resources: {
      listeners: [
        ...addresses(site.listen).map((at, n) => secure(site, at, n)),
        ...addresses(site.redirectFrom).map((at, n) => plain(site, at, n)),
      ],
      clusters: routes,
    },
  };
}

function addresses(listeners: readonly Listener[]): { address: string; port: number; both: boolean }[] {
  return listeners.map(({ address, port }) => ({ address: address ?? '::', port, both: address === undefined }));
}

type Place = ReturnType<typeof addresses>[number];

function listener(name: string, { address, port, both }: Place, rest: Readonly<Record<string, Yaml>>): Yaml {
  return {
    name,
    address: { socket_address: { address, port_value: port, ...(both && { ipv4_compat: true }) } },
    ...rest,
  };
}

function secure(site: Site, at: Place, n: number): Yaml {
  const open = nameless(site);
  const chain = (host: SiteHost, match: Yaml): Yaml => ({
    ...(typeof match === 'object' && { filter_chain_match: match }),
    transport_socket: { name: 'envoy.transport_sockets.tls', typed_config: tls(site, host) },
    filters: [
      // A connection is for the host that its handshake named, which alone has asked for what that host asks.
      manager(`${site.name}-tls`, [virtualHost(site, host, site.hosts.indexOf(host)), refusal(site, host)]),
    ],
  });
  return listener(`${site.name}-${n}`, at, {
    listener_filters: [
      {
        name: 'envoy.filters.listener.tls_inspector',
        typed_config: { '@type': `${TYPES}.filters.listener.tls_inspector.v3.TlsInspector` },
      },
    ],
    filter_chains: site.hosts
      .filter(({ domains }) => domains.length > 0)
      .map((host) => chain(host, { server_names: host.domains })),
    ...(open && { default_filter_chain: chain(open, '') }),
  });
}

function tls(site: Site, host: SiteHost): Yaml {
  const h = site.hosts.indexOf(host);
  const file = join(dirname(site.output), secretName(site, h));
  const auth = host.clientAuth;
  return {
    '@type': `${TYPES}.transport_sockets.tls.v3.DownstreamTlsContext`,
    ...(auth && { require_client_certificate: !auth.optional }),
    common_tls_context: {
      alpn_protocols: ['h2', 'http/1.1'],
      tls_params: { tls_minimum_protocol_version: 'TLSv1_2' },
      tls_certificate_sds_secret_configs: [
        {
          name: `host${h}`,
          sds_config: {
            path_config_source: { path: file, watched_directory: { path: dirname(file) } },
            resource_api_version: 'V3',
          },
        },
      ],
      ...(auth && { validation_context: { trusted_ca: { filename: auth.ca } } }),
    },
  };
}

function manager(name: string, virtual: Yaml): Yaml {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type': `${TYPES}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
      stat_prefix: name,
      use_remote_address: true,
      skip_xff_append: false,
      xff_num_trusted_hops: 0,
      common_http_protocol_options: {
        headers_with_underscores_action: 'REJECT_REQUEST',
        idle_timeout: `${IDLE_SECONDS}s`,
      },
      stream_idle_timeout: `${IDLE_SECONDS}s`,
      upgrade_configs: [{ upgrade_type: 'websocket' }],
      route_config: { name, virtual_hosts: virtual },
      http_filters: [
        { name: 'envoy.filters.http.router', typed_config: { '@type': `${TYPES}.filters.http.router.v3.Router` } },
      ],
    },
  };
}

function domainsOf(host: SiteHost): string[] {
  // A wildcard cannot have a port behind it.
  return hostNames(host).flatMap((name) => (name.startsWith('*') ? [name] : [name, `${name}:*`]));
}

function virtualHost(site: Site, host: SiteHost, h: number): Yaml {
  const port = String(site.listen[0]?.port ?? 443);
  const set = (key: string, value: string): Yaml => ({
    header: { key, value },
    append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
  });
  return {
    name: `host${h}`,
    domains: domainsOf(host),
    request_headers_to_add: [
      set('X-Forwarded-For', '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'),
      set('X-Forwarded-Proto', 'https'),
      set('X-Forwarded-Host', '%REQ(:AUTHORITY)%'),
      set('X-Forwarded-Port', port),
      set('X-Real-IP', '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'),
    ],
    request_headers_to_remove: FROM_OUTSIDE.map((name) => name.toLowerCase()),
    ...(site.hsts !== undefined && {
      response_headers_to_add: [set('Strict-Transport-Security', `max-age=${site.hsts}`)],
    }),
    routes: host.routes.flatMap((route, r) =>
      matches(route).map((match) => ({
        match,
        route: {
          cluster: clusterName(site, h, r),
          timeout: '0s',
          idle_timeout: `${IDLE_SECONDS}s`,
          ...(route.upstreams.length > 1 && {
            hash_policy: [{ cookie: { name: `rcssl_${r}`, ttl: '0s', path: '/' } }],
          }),
        },
      })),
    ),
  };
}

/** Every other name; those of other hosts by themselves, since a wildcard of this one may be true of them. */
function refusal({ hosts }: Site, host: SiteHost): Yaml {
  const own = new Set(domainsOf(host));
  const others = new Set(hosts.flatMap(domainsOf).filter((name) => !own.has(name)));
  return {
    name: 'others',
    domains: ['*', ...others],
    routes: [{ match: { prefix: '/' }, direct_response: { status: 421 } }],
  };
}

function matches({ path }: Route): Yaml[] {
  return path === '/' ? [{ prefix: '/' }] : [{ path }, { prefix: `${path}/` }];
}

function plain(site: Site, at: Place, n: number): Yaml {
  const redirect = {
    https_redirect: true,
    port_redirect: site.listen[0]?.port ?? 443,
    response_code: 'PERMANENT_REDIRECT',
  };
  const virtual = site.hosts.map((host, h) => ({
    name: `host${h}`,
    domains: domainsOf(host),
    routes: [{ match: { prefix: '/' }, redirect }],
  }));
  return listener(`${site.name}-plain-${n}`, at, {
    filter_chains: [{ filters: [manager(`${site.name}-plain`, virtual)] }],
  });
}

function clusterName({ name }: Site, h: number, r: number): string {
  return `${name}-${h}-${r}`;
}

function cluster({ upstreams }: Route, name: string): Yaml {
  return {
    name,
    type: 'STRICT_DNS',
    connect_timeout: '5s',
    lb_policy: upstreams.length > 1 ? 'RING_HASH' : 'ROUND_ROBIN',
    ...(upstreams[0]?.tls && {
      transport_socket: {
        name: 'envoy.transport_sockets.tls',
        typed_config: { '@type': `${TYPES}.transport_sockets.tls.v3.UpstreamTlsContext` },
      },
    }),
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: upstreams.map(({ host, port }) => ({
            endpoint: { address: { socket_address: { address: host, port_value: port } } },
          })),
        },
      ],
    },
  };
}
