import type { Listener, Site } from '../reverse-proxy/site.ts';

const OPEN = 1024;
const LAST = 65_535;
const UNUSUAL = 20_000;

/**
 * The listeners of a site for a check, each at a port of its own on loopback: nginx binds in its check, which a user may
 * not below 1024, nor at another machine's address; and a server refuses what stands there twice.
 */
export function listenersAway({ listen, redirectFrom }: Site): Pick<Site, 'listen' | 'redirectFrom'> {
  const taken = new Set<number>();
  const away = ({ port }: Listener): Listener => {
    let free = port < OPEN ? port + UNUSUAL : port;
    while (taken.has(free)) free = free === LAST ? OPEN : free + 1;
    taken.add(free);
    return { address: '127.0.0.1', port: free };
  };
  return { listen: listen.map(away), redirectFrom: redirectFrom.map(away) };
}
