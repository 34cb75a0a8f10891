import { isIP, isIPv6 } from 'node:net';
import { join, resolve } from 'node:path';
import { parseDuration } from '../kernel/duration.ts';
import type { OwnerId } from '../kernel/ids.ts';
import { REVERSE_PROXIES } from '../reverse-proxy/registry.ts';
import { parseName } from '../pki/names.ts';
import type { ProxyDraft } from './draft.ts';
import type { Address, Output, ProxyConfig, RouteConfig, Upstream } from './types.ts';
import type { UserOutput, UserProxy } from './user-config.ts';

const PROXY_DEFAULTS = {
  upstream: 'http://127.0.0.1:3000',
  listen: 443,
  redirectFrom: 80,
  maxBody: '200mb',
} as const;

const UNITS = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;

interface Surroundings {
  readonly root: string;
  /** The ids of the declared hosts, in their order. */
  readonly hosts: readonly OwnerId[];
  /** Those that a proxy serves which names none: servers. */
  readonly servers: readonly OwnerId[];
  readonly put: (
    slot: { owner: OwnerId; at: string },
    written: string | UserOutput | undefined,
    fallback: string,
  ) => Output;
}

/** What cannot be read here (an unknown host, an address that is none) is left out; the rules tell of it. */
export function normaliseProxy(
  user: UserProxy,
  index: number,
  { root, hosts, servers, put }: Surroundings,
): ProxyDraft {
  const path = `proxies[${index}]`;
  const name = user.name ?? user.server;
  const id: OwnerId = `proxy:${name}`;
  const named = (texts: readonly string[]): OwnerId[] =>
    texts.map(hostId).filter((found) => found !== undefined && hosts.includes(found)) as OwnerId[];
  const served = user.hosts ? named(user.hosts) : servers;
  const fallback = join(
    'proxy',
    user.name === undefined ? REVERSE_PROXIES[user.server].file : `${name}.${REVERSE_PROXIES[user.server].file}`,
  );
  const auth = user.clientAuth === true ? {} : user.clientAuth;
  const config: ProxyConfig = {
    id,
    name,
    server: user.server,
    output: put({ owner: id, at: path }, user.output, fallback),
    hosts: [...new Set(served)],
    routes: routesOf(user, hosts),
    listen: addressesOf(user.listen ?? PROXY_DEFAULTS.listen),
    redirectFrom: user.redirectFrom === false ? [] : addressesOf(user.redirectFrom ?? PROXY_DEFAULTS.redirectFrom),
    maxBody: sizeOf(user.maxBody ?? PROXY_DEFAULTS.maxBody),
    clientAuth: auth && {
      ca: auth.ca === undefined ? undefined : resolve(root, auth.ca),
      hosts: auth.hosts ? named(auth.hosts) : served,
      optional: auth.optional ?? false,
    },
    hsts: user.hsts === undefined ? undefined : parseDuration(user.hsts),
    standalone: user.standalone ?? false,
    modules: user.modules === undefined ? undefined : resolve(root, user.modules),
    validate: user.validate ?? true,
    reload: user.reload ?? false,
  };
  return { path, user, config };
}

/** The id that a host of this name has, whether or not it is declared. */
export function hostId(text: string): OwnerId | undefined {
  const parsed = parseName(text);
  return 'name' in parsed ? `host:${parsed.name.value}` : undefined;
}

/** The more a route says the earlier it stands; the one for everything is the last. */
function routesOf(user: UserProxy, hosts: readonly OwnerId[]): RouteConfig[] {
  const all = { host: undefined, path: '/', upstreams: upstreamsOf(user.upstream ?? PROXY_DEFAULTS.upstream) };
  const more = (user.routes ?? []).flatMap((route): RouteConfig[] => {
    const host = route.host === undefined ? undefined : hostId(route.host);
    if (route.host !== undefined && (host === undefined || !hosts.includes(host))) return [];
    return [{ host, path: cleanPath(route.path ?? '/'), upstreams: upstreamsOf(route.upstream) }];
  });
  const rank = ({ host, path }: RouteConfig): string =>
    `${String(9999 - path.length).padStart(4, '0')} ${host === undefined ? '1' : '0'} ${path} ${host}`;
  return [...more.sort((a, b) => (rank(a) < rank(b) ? -1 : 1)), all];
}

/** Without slashes in a row, and none at the end. */
export function cleanPath(path: string): string {
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}

function upstreamsOf(written: string | readonly string[]): Upstream[] {
  return (typeof written === 'string' ? [written] : written).flatMap((text) => parseUpstream(text) ?? []);
}

/** `http://127.0.0.1:3000`, `https://app:8443`: no path, no credentials. Names are what URLs and compose files allow. */
export function parseUpstream(text: string): Upstream | undefined {
  const match = /^(https?):\/\/(\[[\da-f:.]+\]|[a-z\d](?:[a-z\d._-]{0,251}[a-z\d])?)(?::(\d{1,5}))?\/?$/i.exec(text);
  const [, scheme = '', written = '', digits] = match ?? [];
  const host = written.replace(/^\[|\]$/g, '').toLowerCase();
  const tls = scheme.toLowerCase() === 'https';
  const port = digits === undefined ? (tls ? 443 : 80) : Number(digits);
  if (!match || port < 1 || port > 65_535 || (written.startsWith('[') && !isIPv6(host))) return undefined;
  return { tls, host, port };
}

function addressesOf(written: number | string | readonly (number | string)[]): Address[] {
  const all = (typeof written === 'object' ? written : [written]).flatMap((one) => parseAddress(one) ?? []);
  return [...new Map(all.map((one) => [`${one.address} ${one.port}`, one])).values()];
}

/** `443`, `127.0.0.1:8443`, `[::1]:8443`, `*:443`. */
export function parseAddress(written: number | string): Address | undefined {
  const match = /^(?:(\*|[\d.]+|\[[\da-f:.]+\]):)?(\d{1,5})$/i.exec(String(written));
  const [, place, digits] = match ?? [];
  const port = Number(digits);
  if (!match || port < 1 || port > 65_535) return undefined;
  if (place === undefined || place === '*') return { address: undefined, port };
  const address = place.replace(/^\[|\]$/g, '').toLowerCase();
  return isIP(address) === 0 ? undefined : { address, port };
}

/** The schema has seen to it that it is one. */
function sizeOf(text: string): number {
  const unit = text.slice(-2).toLowerCase() as keyof typeof UNITS;
  return Number(text.slice(0, -2)) * UNITS[unit];
}
