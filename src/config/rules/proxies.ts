import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../kernel/near-miss.ts';
import { REVERSE_PROXIES } from '../../reverse-proxy/registry.ts';
import { nameKey } from '../../pki/names.ts';
import type { Draft, ProxyDraft } from '../draft.ts';
import { cleanPath, hostId, parseAddress, parseUpstream } from '../normalise-proxies.ts';
import type { Address, ProxyConfig } from '../types.ts';

/** Two proxies of one name would have one id. */
export function proxiesAreDistinct({ proxies }: Draft): Diagnostic[] {
  const seen = new Map<string, string>();
  return proxies.flatMap(({ path, config: { name } }) => {
    const other = seen.get(name);
    seen.set(name, other ?? path);
    return other === undefined ? [] : [diagnostic('config-proxy-twice', { name, other }, { path })];
  });
}

/** Names of hosts with their places. */
function namedHosts({ path, user }: ProxyDraft): { path: string; text: string }[] {
  const auth = typeof user.clientAuth === 'object' ? (user.clientAuth.hosts ?? []) : [];
  return [
    ...(user.hosts ?? []).map((text, n) => ({ path: `${path}.hosts[${n}]`, text })),
    ...(user.routes ?? []).flatMap(({ host }, n) =>
      host === undefined ? [] : [{ path: `${path}.routes[${n}].host`, text: host }],
    ),
    ...auth.map((text, n) => ({ path: `${path}.clientAuth.hosts[${n}]`, text })),
  ];
}

/** A proxy serves what this configuration has certificates for. */
export function proxyHostsAreDeclared({ proxies, config, hosts }: Draft): Diagnostic[] {
  if (hosts.some((host) => host.config === undefined)) return [];
  const known = config.hosts.map(({ id }) => id);
  return proxies.flatMap(namedHosts).flatMap(({ path, text }) => {
    const id = hostId(text);
    if (id !== undefined && known.includes(id)) return [];
    const near = nearest(
      text,
      config.hosts.map(({ name }) => name),
    );
    return [diagnostic('config-proxy-host', { name: JSON.stringify(text), near }, { path })];
  });
}

export function upstreamsAreAddresses({ proxies }: Draft): Diagnostic[] {
  return proxies.flatMap(({ path, user }) => {
    const places = [
      ...withPlaces(`${path}.upstream`, user.upstream ?? []),
      ...(user.routes ?? []).flatMap(({ upstream }, n) => withPlaces(`${path}.routes[${n}].upstream`, upstream)),
    ];
    const wrong = places
      .filter(({ text }) => parseUpstream(text) === undefined)
      .map((place) => diagnostic('config-upstream', { text: JSON.stringify(place.text) }, { path: place.path }));
    const groups = [user.upstream ?? [], ...(user.routes ?? []).map(({ upstream }) => upstream)];
    const mixed = groups.some((group) => new Set([group].flat().map((text) => parseUpstream(text)?.tls)).size > 1);
    return mixed && wrong.length === 0 ? [diagnostic('config-upstreams-mixed', {}, { path })] : wrong;
  });
}

export function listenersAreAddresses({ proxies }: Draft): Diagnostic[] {
  return proxies.flatMap(({ path, user, config }) => {
    const places = [
      ...withPlaces(`${path}.listen`, user.listen ?? []),
      ...withPlaces(`${path}.redirectFrom`, user.redirectFrom === false ? [] : (user.redirectFrom ?? [])),
    ];
    const wrong = places
      .filter(({ text }) => parseAddress(text) === undefined)
      .map((place) => diagnostic('config-listen', { text: JSON.stringify(place.text) }, { path: place.path }));
    const plain = new Set(config.redirectFrom.map(({ port }) => port));
    const both = config.listen.find(({ port }) => plain.has(port));
    return both ? [...wrong, diagnostic('config-listen-twice', { port: both.port }, { path })] : wrong;
  });
}

/** Two upstreams for one path of one host: nobody has said which. */
export function routesAreDistinct({ proxies }: Draft): Diagnostic[] {
  return proxies.flatMap(({ path, user }) => {
    const everything = user.upstream === undefined ? [] : [['* /', 'upstream'] as const];
    const seen = new Map<string, string>(everything);
    return (user.routes ?? []).flatMap(({ host = '*', path: of = '/' }, n) => {
      const key = `${hostId(host) ?? host} ${cleanPath(of)}`;
      const other = seen.get(key);
      seen.set(key, other ?? `routes[${n}]`);
      return other === undefined
        ? []
        : [diagnostic('config-route-twice', { path: of, other }, { path: `${path}.routes[${n}]` })];
    });
  });
}

/** Which of two certificates a client would get that asks for a name of both, nobody has said. */
export function proxyNamesAreOfOneHost({ proxies, config }: Draft): Diagnostic[] {
  return proxies.flatMap(({ path, config: proxy }) => {
    const owners = new Map<string, string>();
    const told = new Set<string>();
    return proxy.hosts.flatMap((id) => {
      const host = config.hosts.find((one) => one.id === id);
      return (host?.names ?? []).flatMap((name) => {
        const other = owners.get(nameKey(name));
        owners.set(nameKey(name), other ?? host?.name ?? '');
        const pair = `${other} ${host?.name}`;
        if (!host || other === undefined || told.has(pair)) return [];
        told.add(pair);
        return [
          diagnostic('config-proxy-shared-name', { name: name.value, first: other, second: host.name }, { path }),
        ];
      });
    });
  });
}

/** Parts of one server's configuration: each answers for the whole of a port, unknown names and HTTP/2 included. */
export function fragmentsHaveListenersOfTheirOwn({ proxies }: Draft): Diagnostic[] {
  const parts = proxies.filter(({ config }) => REVERSE_PROXIES[config.server].part && !config.standalone);
  return parts.flatMap(({ path, config }, index) => {
    const earlier = parts.slice(0, index).filter((one) => one.config.server === config.server);
    const clash = listenersOf(config).flatMap((mine) => {
      const other = earlier.find((one) => listenersOf(one.config).some((theirs) => meets(mine, theirs)));
      return other ? [{ port: mine.port, other: other.path, server: config.server }] : [];
    })[0];
    return clash ? [diagnostic('config-proxy-port-shared', clash, { path })] : [];
  });
}

function listenersOf({ listen, redirectFrom }: ProxyConfig): readonly Address[] {
  return [...listen, ...redirectFrom];
}

/** One without an address stands at every one. */
function meets(a: Address, b: Address): boolean {
  return a.port === b.port && (a.address === b.address || a.address === undefined || b.address === undefined);
}

function withPlaces<T>(path: string, written: T | readonly T[]): { path: string; text: T }[] {
  if (!Array.isArray(written)) return [{ path, text: written as T }];
  return (written as readonly T[]).map((text, n) => ({ path: `${path}[${n}]`, text }));
}
