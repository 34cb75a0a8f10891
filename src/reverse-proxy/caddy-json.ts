import { caddyLimits, caddyReload, KEEP_ALIVE, lengthOver, refusePlaceholders } from './caddy.ts';
import {
  bracketed,
  command,
  FROM_OUTSIDE,
  hostNames,
  nameless,
  portSuffix,
  secondAddress,
  type Listener,
  type ReverseProxy,
  type Route,
  type Site,
  type SiteHost,
} from './site.ts';

/*
 * Facts: Caddy 2.6.2, tested on Debian 12, and https://caddyserver.com/docs/json/. Unlike a Caddyfile it can refuse the
 * handshake for an unknown name.
 */

export const caddyJson: ReverseProxy = {
  title: 'Caddy (JSON)',
  write: (site, origin) => `${JSON.stringify({ '@id': origin, ...configuration(site) }, undefined, 2)}\n`,
  check: (file) => ({ programs: ['caddy'], args: ['validate', '--config', file] }),
  reload: (file, { folder }) =>
    folder === undefined
      ? { does: command('caddy', 'reload', '--force', '--config', file) }
      : caddyReload(folder, '--config', file),
  places: [{ system: 'any', file: 'a file of its own', enable: 'caddy run --config THIS' }],
  limits: (site) => [...caddyLimits(site), ...secondAddress(site)],
};

function configuration(site: Site): object {
  const { folder, redirectFrom } = site;
  const auto = { automatic_https: { disable: true } };
  // One a port, which is told to the app.
  const ports = [...new Set(site.listen.map(({ port }) => port))];
  const secure = (port: number): object => ({
    listen: listens(site.listen.filter((at) => at.port === port)),
    ...auto,
    tls_connection_policies: policies(site),
    // Connection policies are chosen by server name, so a request must not be for another host.
    strict_sni_host: !nameless(site),
    routes: [
      {
        match: [{ expression: lengthOver(site.maxBody).slice(1, -1) }],
        handle: [{ handler: 'static_response', status_code: 413 }],
        terminal: true,
      },
      ...site.hosts.flatMap((host) => routesOf(site, port, host)),
      refusal(),
    ],
  });
  const servers = ports.map((port, n) => [`rcssl_tls${n === 0 ? '' : `_${n + 1}`}`, secure(port)] as const);
  const plain = { listen: listens(redirectFrom), ...auto, routes: [redirect(site), refusal()] };
  return {
    ...(folder !== undefined && {
      admin: { listen: `unix/${folder}/admin.sock` },
      storage: { module: 'file_system', root: `${folder}/caddy` },
    }),
    apps: {
      tls: {
        certificates: {
          load_files: site.hosts
            .filter((host, h) => tag(site, host) === `host${h}`)
            .map((host) => ({
              certificate: refusePlaceholders(host.chain),
              key: refusePlaceholders(host.key),
              tags: [tag(site, host)],
            })),
        },
      },
      http: { servers: { ...Object.fromEntries(servers), ...(redirectFrom.length > 0 && { rcssl_plain: plain }) } },
    },
  };
}

function listens(listeners: readonly Listener[]): string[] {
  return listeners.map(({ address, port }) => `${address === undefined ? '' : bracketed(address)}:${port}`);
}

/** Of a pair, which is loaded once even where two hosts have it. */
function tag({ hosts }: Site, { chain }: SiteHost): string {
  return `host${hosts.findIndex((other) => other.chain === chain)}`;
}

function policies(site: Site): object[] {
  const open = nameless(site);
  const policy = (host: SiteHost) => {
    const auth = host.clientAuth;
    return {
      certificate_selection: { any_tag: [tag(site, host)] },
      protocol_min: 'tls1.2',
      ...(auth && {
        client_authentication: {
          trusted_ca_certs_pem_files: [refusePlaceholders(auth.ca)],
          mode: auth.optional ? 'verify_if_given' : 'require_and_verify',
        },
      }),
    };
  };
  return [
    ...site.hosts.flatMap((host) =>
      host.domains.length > 0 ? [{ match: { sni: host.domains }, ...policy(host) }] : [],
    ),
    ...(open ? [policy(open)] : []),
  ];
}

function refusal(): object {
  return { handle: [{ handler: 'static_response', status_code: 421 }] };
}

function hostMatch(host: SiteHost): string[] {
  return hostNames(host);
}

function redirect(site: Site): object {
  const location = `https://{http.request.host}${portSuffix(site)}{http.request.uri}`;
  return {
    match: [{ host: site.hosts.flatMap(hostMatch) }],
    handle: [{ handler: 'static_response', status_code: 308, headers: { Location: [location] } }],
    terminal: true,
  };
}

/**
 * What a host asks of its clients is asked in the handshake, so that it must have been this host's: where strict_sni_host
 * cannot say so. Clients that connect by address name nobody there.
 */
function handshakeMatch(site: Site, host: SiteHost): object {
  const open = nameless(site);
  if (!open || !host.clientAuth) return {};
  const [named, asked] = ['{http.request.tls.server_name}', '{http.request.host}'];
  const byAddress =
    host === open ? ` || (${named} == "" && ${asked} in ${JSON.stringify(addressesAsAsked(host))})` : '';
  return { expression: `${named} == ${asked}${byAddress}` };
}

/** `{http.request.host}` is without brackets. */
function addressesAsAsked({ addresses }: SiteHost): readonly string[] {
  return [...addresses, ...addresses.filter((address) => address.includes(':')).map(bracketed)];
}

function routesOf(site: Site, port: number, host: SiteHost): object[] {
  return host.routes.map((route, r) => {
    const path = route.path === '/' ? {} : { path: [route.path, `${route.path}/*`] };
    return {
      match: [{ host: hostMatch(host), ...path, ...handshakeMatch(site, host) }],
      handle: [
        { handler: 'request_body', max_size: site.maxBody },
        ...(site.hsts === undefined
          ? []
          : [{ handler: 'headers', response: { set: { 'Strict-Transport-Security': [`max-age=${site.hsts}`] } } }]),
        proxied(port, route, r),
      ],
      terminal: true,
    };
  });
}

function proxied(own: number, { upstreams }: Route, r: number): object {
  const shared = upstreams.length > 1;
  return {
    handler: 'reverse_proxy',
    upstreams: upstreams.map(({ host, port }) => ({ dial: `${bracketed(host)}:${port}` })),
    ...(shared && { load_balancing: { selection_policy: { policy: 'cookie', name: `rcssl_${r}` } } }),
    transport: {
      protocol: 'http',
      keep_alive: { idle_timeout: KEEP_ALIVE },
      ...(upstreams[0]?.tls && { tls: { insecure_skip_verify: true } }),
    },
    headers: {
      request: {
        set: {
          Host: ['{http.request.hostport}'],
          'X-Forwarded-Port': [String(own)],
          'X-Real-Ip': ['{http.request.remote.host}'],
        },
        delete: FROM_OUTSIDE,
      },
    },
  };
}
