import { TAG, type DerValue } from './der.ts';
import { malformed } from './pki-error.ts';
import type { Instant } from '../kernel/instant.ts';

/** The contents of DER's primitive types. Every function throws `PkiError('malformed')` for what DER does not allow. */

export function readBoolean(content: Buffer): boolean {
  const byte = content[0];
  if (content.length !== 1 || (byte !== 0 && byte !== 0xff)) throw malformed('bad BOOLEAN in DER');
  return byte === 0xff;
}

/** Two's complement, as it stands, checked for being minimal. */
export function checkInteger(content: Buffer): Buffer {
  const [first, second] = content;
  if (first === undefined) throw malformed('empty INTEGER in DER');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed('INTEGER not minimal in DER');
  }
  return content;
}

/** The magnitude of a positive integer, without the zero octet that keeps its sign. */
export function readPositive(content: Buffer): Buffer {
  const first = checkInteger(content)[0] ?? 0;
  if (first >= 0x80) throw malformed('negative INTEGER in DER');
  return first === 0 && content.length > 1 ? content.subarray(1) : content;
}

/** A count that fits 32 bits. */
export function readSmall(content: Buffer): number {
  const magnitude = readPositive(content);
  if (magnitude.length > 4) throw malformed('INTEGER too large');
  return magnitude.readUIntBE(0, magnitude.length);
}

/** The octets of a BIT STRING that has no unused bits, as keys and signatures have none. */
export function readBits(content: Buffer): Buffer {
  if (content[0] !== 0) throw malformed('bad BIT STRING in DER');
  return content.subarray(1);
}

/** The numbers of the bits that are set in a BIT STRING of named bits. */
export function readNamedBits(content: Buffer): number[] {
  const unused = content[0] ?? 8;
  if (unused > 7 || (content.length === 1 && unused > 0)) throw malformed('bad BIT STRING in DER');
  const bits: number[] = [];
  for (let bit = 0; bit < (content.length - 1) * 8 - unused; bit++) {
    if (((content[1 + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1) bits.push(bit);
  }
  return bits;
}

/** An object identifier in dotted form. */
export function readOid(content: Buffer): string {
  if (content.length === 0 || content.length > 64 || (content[content.length - 1] ?? 0) >= 0x80) {
    throw malformed('bad OBJECT IDENTIFIER in DER');
  }
  const arcs: (number | bigint)[] = [];
  for (let start = 0, end = 0; start < content.length; start = end) {
    if (content[start] === 0x80) throw malformed('bad OBJECT IDENTIFIER in DER');
    while ((content[end] ?? 0) >= 0x80) end++;
    end++;
    const arc = readArc(content.subarray(start, end));
    if (start > 0) arcs.push(arc);
    else if (arc < 80) arcs.push(arc < 40 ? 0 : 1, Number(arc) % 40);
    else arcs.push(2, typeof arc === 'number' ? arc - 80 : arc - 80n);
  }
  return arcs.join('.');
}

/** Seven bits an octet; arcs made of UUIDs are longer than a number is exact. */
function readArc(octets: Buffer): number | bigint {
  if (octets.length <= 7) return octets.reduce((arc, octet) => arc * 128 + (octet & 0x7f), 0);
  return octets.reduce((arc, octet) => (arc << 7n) | BigInt(octet & 0x7f), 0n);
}

/** RFC 5280 section 4.1.2.5: UTCTime or GeneralizedTime in UTC, seconds present. */
export function readTime(value: DerValue): Instant {
  const text = value.content.toString('latin1');
  const match =
    value.tag === TAG.utcTime
      ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
      : value.tag === TAG.generalizedTime
        ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text)
        : undefined;
  if (!match) throw malformed('bad time in DER');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const fullYear = value.tag === TAG.generalizedTime ? year : year < 50 ? 2000 + year : 1900 + year;
  const date = new Date(0);
  date.setUTCFullYear(fullYear, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A 30th of February would come out as a day of March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date.getUTCHours() !== hour || second > 59) {
    throw malformed('no such time');
  }
  return date.getTime();
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of any of ASN.1's string types that a name may have; undefined for another type. */
export function readText(value: DerValue): string | undefined {
  switch (value.tag) {
    case TAG.utf8:
      try {
        return utf8.decode(value.content);
      } catch {
        throw malformed('bad UTF-8 in DER');
      }
    case TAG.printable:
    case TAG.ia5:
    case TAG.numeric:
    case TAG.visible:
    case TAG.teletex:
      return value.content.toString('latin1');
    case TAG.bmp:
      if (value.content.length % 2) throw malformed('bad BMPString in DER');
      return Buffer.from(value.content).swap16().toString('utf16le');
    default:
      return undefined;
  }
}
