import type { SiteHost } from './site.ts';

type Named = Pick<SiteHost, 'domains' | 'addresses'>;

/**
 * The hosts in the order in which a server may look for the first one that fits: a wildcard stands behind every other
 * host's name that it is true of, and a longer one before a shorter. A host that has to stand in two places is two
 * hosts with one pair. Servers differ in how many labels a wildcard stands for, so here it is any number.
 */
export function exactFirst<H extends Named>(hosts: readonly H[]): H[] {
  const overlaps = hosts.some((host) =>
    host.domains.some((wild) =>
      hosts.some((other) => other !== host && other.domains.some((name) => covers(wild, name))),
    ),
  );
  if (!overlaps) return [...hosts];
  const exact = hosts
    .map((host): H => ({ ...host, domains: host.domains.filter((name) => !isWild(name)) }))
    .filter(({ domains, addresses }) => domains.length + addresses.length > 0);
  const wild = hosts.flatMap((host) =>
    host.domains.filter(isWild).map((name): H => ({ ...host, domains: [name], addresses: [] })),
  );
  return [...exact, ...wild.toSorted((a, b) => depth(b) - depth(a))];
}

/** A wildcard, and another name that ends as it does. */
export function covers(wild: string, name: string): boolean {
  return isWild(wild) && name !== wild && name.endsWith(wild.slice(1));
}

export function isWild(name: string): boolean {
  return name.startsWith('*.');
}

function depth({ domains: [name = ''] }: Named): number {
  return name.split('.').length;
}
