import { type DerCursor, enter, openDer, TAG } from './der.ts';
import { readOid, readText } from './der-values.ts';
import { malformed } from './pki-error.ts';
import { ATTRIBUTE_OIDS, namer } from './oids.ts';
import type { Asn1, Asn1Writer } from './asn1.ts';
import type { DistinguishedName } from './facts.ts';
import type { Subject } from './subject.ts';

const attributeName = namer(ATTRIBUTE_OIDS);

/** A Name's DER as facts. Values of no text type are `#` and their DER in hex, as RFC 4514 section 2.4 writes them. */
export function readName(der: Buffer): DistinguishedName {
  const name: [string, string][] = [];
  const rdns = openDer(der);
  while (rdns.peek() !== undefined) {
    const attributes = enter(rdns, TAG.set);
    if (attributes.peek() === undefined) throw malformed('empty part of a name');
    while (attributes.peek() !== undefined) name.push(readAttribute(enter(attributes)));
  }
  return name;
}

function readAttribute(attribute: DerCursor): [string, string] {
  const type = readOid(attribute.take(TAG.oid).content);
  const value = attribute.take();
  attribute.end();
  return [attributeName(type), printableText(readText(value) ?? `#${value.bytes.toString('hex')}`)];
}

/** Control characters as RFC 4514 escapes them: a certificate of a stranger must not steer a terminal. */
export function printableText(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (character) =>
    [...Buffer.from(character)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

/** The attributes in the order in which they are encoded, from the widest to the common name. */
export function attributesOf(subject: Subject, commonName: string | undefined): DistinguishedName {
  const { country, state, locality, organization, organizationalUnit } = subject;
  const all = [
    ['C', country],
    ['ST', state],
    ['L', locality],
    ['O', organization],
    ['OU', organizationalUnit],
    ['CN', commonName ?? subject.commonName],
  ] as const;
  return all.flatMap(([attribute, value]) =>
    value === undefined || value === '' ? [] : [[attribute, value] as const],
  );
}

/** A Name: UTF8String as RFC 5280 section 4.1.2.4 asks, PrintableString for the country (appendix A.1). */
export function writeName(asn1: Asn1Writer, name: DistinguishedName): Asn1 {
  return asn1.sequence(
    ...name.map(([attribute, value]) => {
      const type = asn1.oid(ATTRIBUTE_OIDS[attribute as keyof typeof ATTRIBUTE_OIDS]);
      return asn1.set(asn1.sequence(type, attribute === 'C' ? asn1.printable(value) : asn1.utf8(value)));
    }),
  );
}
