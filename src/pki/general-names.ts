import { contextTag, type DerCursor, type DerValue } from './der.ts';
import { malformed } from './pki-error.ts';
import { printableText } from './distinguished-name.ts';
import { formatCidr, formatIp, parseIp } from './ip.ts';
import type { Asn1, Asn1Writer } from './asn1.ts';
import type { AltName } from './names.ts';

/** GeneralName's choices (RFC 5280 section 4.2.1.6), by their context tag. */
export const GENERAL_NAME = { email: 1, dns: 2, uri: 6, ip: 7 } as const;

/** The names that rcssl knows types for; otherName, directoryName and registeredID are passed over. */
export function readGeneralNames(cursor: DerCursor): AltName[] {
  const names: AltName[] = [];
  while (cursor.peek() !== undefined) {
    const name = readGeneralName(cursor.take());
    if (name) names.push(name);
  }
  return names;
}

function readGeneralName({ tag, content }: DerValue): AltName | undefined {
  switch (tag) {
    case contextTag(GENERAL_NAME.dns, false):
      return { type: 'dns', value: printableText(content.toString('latin1').toLowerCase()) };
    case contextTag(GENERAL_NAME.ip, false):
      if (content.length !== 4 && content.length !== 16) throw malformed('IP address of the wrong length');
      return { type: 'ip', value: formatIp(content) };
    case contextTag(GENERAL_NAME.uri, false):
      return { type: 'uri', value: printableText(content.toString('latin1')) };
    case contextTag(GENERAL_NAME.email, false):
      return { type: 'email', value: printableText(content.toString('latin1')) };
    default:
      if (tag < 0x80) throw malformed('unknown type of name');
      return undefined;
  }
}

/** An address with its mask, as name constraints have it; undefined where the mask is no prefix. */
export function readRange(content: Buffer): string | undefined {
  const half = content.length / 2;
  if (half !== 4 && half !== 16) throw malformed('IP range of the wrong length');
  const bits = [...content.subarray(half)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits)
    ? formatCidr({ bytes: content.subarray(0, half), prefix: bits.replace(/0/g, '').length })
    : undefined;
}

export function writeGeneralName(asn1: Asn1Writer, { type, value }: AltName): Asn1 {
  if (type !== 'ip') return asn1.implicit(GENERAL_NAME[type], Buffer.from(value, 'latin1'));
  const bytes = parseIp(value);
  if (!bytes) throw malformed(`not an IP address: ${value}`);
  return asn1.implicit(GENERAL_NAME.ip, Buffer.from(bytes));
}
