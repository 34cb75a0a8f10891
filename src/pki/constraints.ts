import { cidrCovers, formatCidr, parseCidr } from './ip.ts';
import { isWildcard, parseName, type AltName, type NameProblem } from './names.ts';

/** Permitted subtrees of RFC 5280 section 4.2.1.10: domains (with all under them) and address ranges as CIDR. */
export interface Subtrees {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

/** What a development root may always sign for: names and addresses that mean nothing on the public network. */
export const DEVELOPMENT: Subtrees = {
  dns: ['home.arpa', 'internal', 'local', 'localhost', 'test'],
  ip: [
    '10.0.0.0/8',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '::1/128',
    'fc00::/7',
    'fe80::/10',
  ],
};

/** What to permit for a declared name; undefined for the types that are never listed and so are unrestricted. */
export function subtreeFor(name: AltName): { dns?: string; ip?: string } | undefined {
  if (name.type === 'dns') return { dns: baseOf(name) };
  if (name.type === 'ip') return { ip: `${name.value}/${name.value.includes(':') ? 128 : 32}` };
  return undefined;
}

/** `example.org`, `.example.org`, `10.1.0.0/16` or `8.8.8.8`, as `ca.constraints.permit` has them. */
export function parsePermit(text: string): { dns: string } | { ip: string } | NameProblem {
  const cidr = parseCidr(text);
  if (cidr) return { ip: formatCidr(cidr) };
  const parsed = parseName(text.replace(/^\.(?=[^.])/, ''));
  if ('problem' in parsed) return parsed.problem === 'range' ? { problem: 'bad-ip', detail: text } : parsed;
  const { type, value } = parsed.name;
  if (type === 'dns') return { dns: baseOf(parsed.name) };
  return { problem: type === 'uri' ? 'bad-uri' : 'bad-email', detail: value };
}

/** A root with these constraints may sign for the name. RFC 5280: a type that is not listed at all is unrestricted. */
export function permits(set: Subtrees, name: AltName): boolean {
  const { dns, ip } = subtreeFor(name) ?? {};
  if (dns !== undefined) return set.dns.length === 0 || domainsOf(set).covers(dns);
  if (ip !== undefined) return set.ip.length === 0 || rangesOf(set).covers(ip);
  return true;
}

/** The union, sorted, without what lies in another subtree of it. An empty list is no subtree, and adds nothing. */
export function widen(set: Subtrees, more: Subtrees): Subtrees {
  const union = { dns: [...new Set([...set.dns, ...more.dns])], ip: [...new Set([...set.ip, ...more.ip])] };
  const domains = domainsOf(union);
  const ranges = rangesOf(union);
  return {
    dns: union.dns.filter((base) => !domains.coversBeyond(base)).sort(),
    ip: union.ip.filter((range) => !ranges.coversBeyond(range)).sort(),
  };
}

/** The subtrees of `want` that do not lie in one of `have`, domains first. */
export function missingFrom(have: Subtrees, want: Subtrees): string[] {
  const domains = domainsOf(have);
  const ranges = rangesOf(have);
  return [...want.dns.filter((base) => !domains.covers(base)), ...want.ip.filter((range) => !ranges.covers(range))];
}

function baseOf(name: AltName): string {
  return isWildcard(name) ? name.value.slice(2) : name.value;
}

interface Coverage {
  /** The subtree lies in one of the set. */
  covers(subtree: string): boolean;
  /** It lies in another one than itself. */
  coversBeyond(subtree: string): boolean;
}

// Looked up by parent, not compared pair by pair: a configuration may declare thousands.
function domainsOf({ dns }: Subtrees): Coverage {
  const bases = new Set(dns);
  const coversBeyond = (base: string): boolean => {
    for (let dot = base.indexOf('.'); dot >= 0; dot = base.indexOf('.', dot + 1)) {
      if (bases.has(base.slice(dot + 1))) return true;
    }
    return false;
  };
  return { covers: (base) => bases.has(base) || coversBeyond(base), coversBeyond };
}

function rangesOf({ ip }: Subtrees): Coverage {
  const ranges = ip.map((text) => ({ text, cidr: parseCidr(text) }));
  const lies = (range: string, except: string | undefined): boolean => {
    const inner = parseCidr(range);
    return ranges.some(({ text, cidr }) => text !== except && inner && cidr && cidrCovers(cidr, inner));
  };
  return { covers: (range) => lies(range, undefined), coversBeyond: (range) => lies(range, range) };
}
