import { fail } from '../diagnostics/diagnostic.ts';
import type { Network } from '../kernel/web.ts';
import { cidrCovers, formatCidr, parseCidr, parseIp } from '../pki/ip.ts';

/** RFC 1918, RFC 4193 and the loopback. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', '127.0.0.0/8', '::1/128'];

/** Where the page is served. */
export interface Where {
  readonly address: string;
  readonly kind: Network['kind'];
  /** The interface. */
  readonly name: string;
  /** Whom it serves. */
  readonly networks: readonly string[];
  /** Names that may lead here, the best first. */
  readonly names: readonly string[];
  /** Other addresses that could have been meant. */
  readonly others: readonly string[];
}

/**
 * The network to serve: the one that was named, else the one that a declared host covers, else the first. Never all of
 * them, and never the internet. `more`: ranges beside its own.
 * Throws `enrol-no-lan`, `enrol-not-our-address`, `enrol-public-address` and `enrol-bad-network`.
 */
export function whereToServe(
  networks: readonly Network[],
  asked: string | undefined,
  more: readonly string[],
  localName: string | undefined,
  isDeclared: (address: string) => boolean,
): Where {
  const lan = networks.filter(({ kind }) => kind === 'lan');
  const own = asked === undefined ? best(lan, isDeclared) : named(networks, asked);
  const isLocal = own.kind === 'loopback';
  return {
    address: own.address,
    kind: own.kind,
    name: own.name,
    networks: [rangeOf(own), ...more.map(privateRange)],
    names: [own.address, ...(isLocal ? ['localhost'] : localName === undefined ? [] : [localName])],
    others: lan.map(({ address }) => address).filter((address) => address !== own.address),
  };
}

/** Phones have IPv4 wherever there is any. */
function best(lan: readonly Network[], isDeclared: (address: string) => boolean): Network {
  const weight = ({ address }: Network): number => (isDeclared(address) ? 0 : 2) + (address.includes(':') ? 1 : 0);
  return [...lan].sort((a, b) => weight(a) - weight(b))[0] ?? fail('enrol-no-lan', {});
}

function named(networks: readonly Network[], asked: string): Network {
  const address = asked === 'localhost' ? '127.0.0.1' : asked;
  const found = networks.find((one) => one.address === address);
  if (!found) {
    const own = networks.filter(({ kind }) => kind !== 'public').map((one) => one.address);
    return fail('enrol-not-our-address', { address, own: [...new Set(own)] });
  }
  return found.kind === 'public' ? fail('enrol-public-address', { address }) : found;
}

/** The range that an address of this machine lies in. */
function rangeOf({ address, cidr }: Network): string {
  const bytes = parseIp(address);
  const prefix = Number(cidr.split('/')[1]);
  return bytes ? formatCidr({ bytes, prefix }) : cidr;
}

function privateRange(text: string): string {
  const range = parseCidr(text);
  const isPrivate = range && PRIVATE.some((whole) => covers(whole, text));
  return isPrivate ? formatCidr(range) : fail('enrol-bad-network', { network: text });
}

/** Whether an address, or a range, lies in a range. */
export function covers(range: string, inner: string): boolean {
  const [outer, other] = [parseCidr(range), parseCidr(inner)];
  return outer !== undefined && other !== undefined && cidrCovers(outer, other);
}

/** As a URL has it. */
export function hostOf(name: string): string {
  return name.includes(':') ? `[${name}]` : name;
}
