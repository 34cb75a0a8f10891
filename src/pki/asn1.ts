import type { asn1 as forge } from 'node-forge';
import type forgeAsn1 from 'node-forge/lib/asn1.js';
import { malformed, PkiError } from './pki-error.ts';
import type { Instant } from '../kernel/instant.ts';

/**
 * The one module that knows node-forge: a writer of ASN.1 values as DER. It is loaded at the first certificate, so that
 * a run with nothing to do never reads it. forge's bytes are strings with a byte a character (`latin1`).
 */
export type Asn1 = forge.Asn1;

export interface Asn1Writer {
  sequence(...items: readonly (Asn1 | undefined)[]): Asn1;
  set(...items: readonly Asn1[]): Asn1;
  /** `[number]` with values inside: an EXPLICIT tag, or IMPLICIT over a SEQUENCE. */
  context(number: number, ...items: readonly Asn1[]): Asn1;
  /** `[number] IMPLICIT` over a primitive type. */
  implicit(number: number, content: Buffer): Asn1;
  oid(dotted: string): Asn1;
  /** Not negative; leading zero octets are as DER wants them. */
  integer(magnitude: Buffer | number): Asn1;
  boolean(value: boolean): Asn1;
  null(): Asn1;
  octets(content: Buffer): Asn1;
  /** A BIT STRING with no unused bits. */
  bits(content: Buffer): Asn1;
  /** A BIT STRING of named bits: DER drops the zero bits at its end (X.690 section 11.2.2). */
  namedBits(numbers: readonly number[]): Asn1;
  utf8(text: string): Asn1;
  printable(text: string): Asn1;
  /** UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5); parts of a second are dropped. Throws `PkiError`. */
  time(instant: Instant): Asn1;
  /** DER that exists already. */
  raw(der: Buffer): Asn1;
  encode(value: Asn1): Buffer;
  /** BER with definite lengths; octet strings in pieces stay so. Throws `PkiError`. */
  fromBer(ber: Buffer): Buffer;
}

let writer: Promise<Asn1Writer> | undefined;

export function loadAsn1(): Promise<Asn1Writer> {
  writer ??= import('node-forge/lib/asn1.js').then((module) => createWriter(module.default));
  return writer;
}

/** RC2 in CBC mode, its effective bits those of the key. Throws where the padding is wrong. */
export async function loadRc2(): Promise<(key: Buffer, iv: Buffer, ciphertext: Buffer) => Buffer> {
  const { default: rc2 } = await import('node-forge/lib/rc2.js');
  const { default: util } = await import('node-forge/lib/util.js');
  return (key, iv, ciphertext) => {
    const cipher = rc2.createDecryptionCipher(key.toString('latin1'), key.length * 8);
    cipher.start(iv.toString('latin1'));
    cipher.update(util.createBuffer(ciphertext.toString('latin1')));
    if (!cipher.finish()) throw malformed('bad padding');
    return Buffer.from(cipher.output.getBytes(), 'latin1');
  };
}

function createWriter(asn1: typeof forgeAsn1): Asn1Writer {
  const { Class, Type } = asn1;
  const primitive = (type: forge.Type, content: Buffer | string): Asn1 =>
    asn1.create(Class.UNIVERSAL, type, false, typeof content === 'string' ? content : content.toString('latin1'));
  const composed = (type: forge.Type, items: readonly (Asn1 | undefined)[]): Asn1 =>
    asn1.create(
      Class.UNIVERSAL,
      type,
      true,
      items.filter((item) => item !== undefined),
    );
  const oids = new Map<string, string>();
  const oidBytes = (dotted: string): string => {
    const known = oids.get(dotted) ?? asn1.oidToDer(dotted).getBytes();
    oids.set(dotted, known);
    return known;
  };
  return {
    sequence: (...items) => composed(Type.SEQUENCE, items),
    set: (...items) => composed(Type.SET, items),
    context: (number, ...items) => asn1.create(Class.CONTEXT_SPECIFIC, number, true, [...items]),
    implicit: (number, content) => asn1.create(Class.CONTEXT_SPECIFIC, number, false, content.toString('latin1')),
    oid: (dotted) => primitive(Type.OID, oidBytes(dotted)),
    integer: (magnitude) => primitive(Type.INTEGER, unsigned(magnitude)),
    boolean: (value) => primitive(Type.BOOLEAN, value ? '\xff' : '\x00'),
    null: () => primitive(Type.NULL, ''),
    octets: (content) => primitive(Type.OCTETSTRING, content),
    bits: (content) => primitive(Type.BITSTRING, `\x00${content.toString('latin1')}`),
    namedBits: (numbers) => primitive(Type.BITSTRING, namedBits(numbers)),
    utf8: (text) => primitive(Type.UTF8, Buffer.from(text, 'utf8')),
    printable: (text) => primitive(Type.PRINTABLESTRING, text),
    time: (instant) => primitive(...timeOf(instant, Type)),
    // The constructed bit goes in with the type, so that forge takes the content as it is.
    raw: (der) => asn1.create((der[0] ?? 0) & 0xc0, (der[0] ?? 0) & 0x3f, false, contentOf(der).toString('latin1')),
    encode: (value) => Buffer.from(asn1.toDer(value).getBytes(), 'latin1'),
    fromBer: (ber) => {
      const options = { strict: false, parseAllBytes: true, decodeBitStrings: false };
      try {
        return Buffer.from(asn1.toDer(asn1.fromDer(ber.toString('latin1'), options)).getBytes(), 'latin1');
      } catch (error) {
        throw new PkiError('malformed', 'neither DER nor BER', { cause: error });
      }
    },
  };
}

function unsigned(magnitude: Buffer | number): Buffer {
  const hex = typeof magnitude === 'number' ? magnitude.toString(16) : magnitude.toString('hex');
  const trimmed = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const start = trimmed.findIndex((byte) => byte !== 0);
  const significant = start < 0 ? Buffer.alloc(1) : trimmed.subarray(start);
  return (significant[0] ?? 0) < 0x80 ? significant : Buffer.concat([Buffer.alloc(1), significant]);
}

function namedBits(numbers: readonly number[]): Buffer {
  const last = Math.max(...numbers);
  const content = Buffer.alloc(2 + (last >> 3));
  content[0] = 7 - (last & 7);
  for (const bit of numbers) content[1 + (bit >> 3)] = (content[1 + (bit >> 3)] ?? 0) | (0x80 >> (bit & 7));
  return content;
}

/** GeneralizedTime has four digits for the year, UTCTime begins with 1950. */
const FIRST_TIME = Date.UTC(1950, 0);
const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function timeOf(instant: Instant, types: typeof forge.Type): [forge.Type, string] {
  if (!(instant >= FIRST_TIME && instant <= LAST_TIME))
    throw new PkiError('unsupported', 'a time outside of 1950 to 9999');
  const digits = new Date(instant)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:T]/g, '');
  return Number(digits.slice(0, 4)) < 2050 ? [types.UTCTIME, digits.slice(2)] : [types.GENERALIZEDTIME, digits];
}

/** What stands behind the header of one DER value. */
function contentOf(der: Buffer): Buffer {
  const length = der[1] ?? 0;
  return der.subarray(length < 0x80 ? 2 : 2 + (length & 0x7f));
}
