/** IP addresses as bytes: 4 of IPv4, 16 of IPv6. */

/** Dotted decimal without leading zeros, or IPv6 of any spelling (RFC 4291 section 2.2); undefined for anything else, zone ids too. */
export function parseIp(text: string): Uint8Array | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256));
  return bytes.some((byte) => byte > 255) ? undefined : Uint8Array.from(bytes);
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => groups(half, i === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  // `::` stands for at least one group.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<number>(missing).fill(0), ...(tail ?? [])];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

/** 16-bit groups; the last ones may be written as IPv4. */
function groups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const found: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const [a, b, c, d] = parseIpv4(part) ?? [];
      if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
      found.push((a << 8) | b, (c << 8) | d);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
      found.push(Number.parseInt(part, 16));
    }
  }
  return found;
}

/** Dotted decimal, or RFC 5952: lower case, the longest run of zero groups (the first of equals) as `::`. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  const all = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  // RFC 5952 section 5: IPv4-mapped addresses keep their dotted end.
  if (all.slice(0, 5).every((group) => group === 0) && all[5] === 0xffff) return `::ffff:${bytes.slice(12).join('.')}`;
  const run = longestZeroRun(all);
  const hex = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  // RFC 5952 section 4.2.2: a single zero group is written out.
  return run.length < 2 ? hex(all) : `${hex(all.slice(0, run.start))}::${hex(all.slice(run.start + run.length))}`;
}

function longestZeroRun(all: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < all.length; start++) {
    let length = 0;
    while (all[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** A range of addresses. */
interface Cidr {
  readonly bytes: Uint8Array;
  /** Bits of the prefix. */
  readonly prefix: number;
}

/** `10.0.0.0/8`, `fe80::/10`, or one address; undefined for anything else, bits set beyond the prefix too. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...more] = text.split('/');
  const bytes = parseIp(address);
  if (!bytes || more.length > 0) return undefined;
  if (length === undefined) return { bytes, prefix: bytes.length * 8 };
  if (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bytes.length * 8) return undefined;
  const cidr = { bytes, prefix: Number(length) };
  return formatCidr(cidr) === `${formatIp(bytes)}/${length}` ? cidr : undefined;
}

/** With the bits beyond the prefix cleared. */
export function formatCidr({ bytes, prefix }: Cidr): string {
  const mask = maskOf({ bytes, prefix });
  return `${formatIp(bytes.map((byte, i) => byte & (mask[i] ?? 0)))}/${prefix}`;
}

/** The netmask in bytes, as RFC 5280 section 4.2.1.10 puts it beside the address. */
export function maskOf({ bytes, prefix }: Cidr): Uint8Array {
  return bytes.map((_, i) => (0xff00 >> Math.max(0, Math.min(8, prefix - 8 * i))) & 0xff);
}

/** `inner` lies in `outer`. */
export function cidrCovers(outer: Cidr, inner: Cidr): boolean {
  if (outer.bytes.length !== inner.bytes.length || outer.prefix > inner.prefix) return false;
  const mask = maskOf(outer);
  return outer.bytes.every((byte, i) => ((byte ^ (inner.bytes[i] ?? 0)) & (mask[i] ?? 0)) === 0);
}
