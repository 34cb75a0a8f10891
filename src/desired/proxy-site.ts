import type { ProxyConfig } from '../config/types.ts';
import { exactFirst } from '../reverse-proxy/precedence.ts';
import type { Site, SiteHost } from '../reverse-proxy/site.ts';
import type { Desired, DesiredHost } from './types.ts';

const APACHE_MODULES = '/usr/lib/apache2/modules';

/** What the server of a declared proxy is to do; `folder` is its own, `rootCopy` the root's certificate where it may look. */
export function siteOf(
  proxy: ProxyConfig,
  desired: Desired,
  folder: string | undefined,
  rootCopy: string | undefined,
): Site {
  const root = rootCopy ?? (desired.ca.copy ?? desired.ca.certificate).path;
  const wanted = proxy.hosts.flatMap((id) => desired.hosts.filter((host) => host.id === id));
  return {
    name: proxy.name,
    output: proxy.output.path,
    folder,
    listen: withoutCovered(proxy.listen),
    redirectFrom: withoutCovered(proxy.redirectFrom),
    hosts: exactFirst(
      wanted
        .map((host) => siteHost(proxy, host, root))
        .map(withoutNamesOfEarlier)
        .filter(({ domains, addresses }) => domains.length + addresses.length > 0),
    ),
    maxBody: proxy.maxBody,
    hsts: proxy.hsts === undefined ? undefined : Math.floor(proxy.hsts / 1000),
    modules: proxy.modules ?? APACHE_MODULES,
  };
}

/** `undefined` is every address, `0.0.0.0` and `::` those of their kind. */
function covers(all: string | undefined, one: string | undefined): boolean {
  if (all === undefined) return true;
  if (one === undefined || all === one) return false;
  return one.includes(':') ? all === '::' : all === '0.0.0.0';
}

/** A port on every address is open on each of them: servers that would open it twice do not start. */
function withoutCovered(listeners: Site['listen']): Site['listen'] {
  return listeners.filter(
    (one) => !listeners.some((other) => other !== one && other.port === one.port && covers(other.address, one.address)),
  );
}

/** Two hosts with `lan` have this machine's names in common: either certificate is good for them, and the first is shown. */
function withoutNamesOfEarlier(host: SiteHost, index: number, all: readonly SiteHost[]): SiteHost {
  const earlier = all.slice(0, index);
  return {
    ...host,
    domains: host.domains.filter((name) => !earlier.some(({ domains }) => domains.includes(name))),
    addresses: host.addresses.filter((name) => !earlier.some(({ addresses }) => addresses.includes(name))),
  };
}

function siteHost(proxy: ProxyConfig, host: DesiredHost, root: string): SiteHost {
  const { names } = host.certificate.profile;
  const of = (type: 'dns' | 'ip'): string[] => names.filter((name) => name.type === type).map(({ value }) => value);
  const auth = proxy.clientAuth?.hosts.includes(host.id) ? proxy.clientAuth : undefined;
  return {
    domains: of('dns'),
    addresses: of('ip'),
    key: host.key.path,
    chain: (host.fullchain ?? host.certificate).path,
    combined: host.combined?.path ?? '',
    pfx: host.pfx?.path ?? '',
    link: host.key.link,
    clientAuth: auth && { ca: auth.ca ?? root, optional: auth.optional },
    routes: proxy.routes
      .filter((route) => route.host === undefined || route.host === host.id)
      // Of two for one path the first is the one that names the host.
      .filter((route, index, all) => all.findIndex(({ path }) => path === route.path) === index)
      .map(({ path, upstreams }) => ({ path, upstreams })),
  };
}
