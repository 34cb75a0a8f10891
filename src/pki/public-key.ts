import { createHash } from 'node:crypto';
import { type DerCursor, enter, openDer, TAG, type DerValue } from './der.ts';
import { readBits, readOid, readPositive } from './der-values.ts';
import { malformed } from './pki-error.ts';
import { CURVE_OIDS, KEY_OIDS, namer, OTHER_KEY_OIDS } from './oids.ts';

const curveName = namer(CURVE_OIDS);
const otherKeyName = namer(OTHER_KEY_OIDS);

interface PublicKeyFacts {
  /** SHA-256 of the DER, lower-case hex. */
  readonly publicKey: string;
  /** A `KeyKind`, or what it is instead (`rsa-1024`, `ecdsa-secp521r1`). */
  readonly keyKind: string;
  /** What the BIT STRING holds: key identifiers are made of it. */
  readonly bits: Buffer;
}

/** A SubjectPublicKeyInfo. Throws `PkiError`. */
export function readPublicKey(spki: Buffer): PublicKeyFacts {
  const cursor = openDer(spki);
  const algorithm = readAlgorithm(enter(cursor));
  const bits = readBits(cursor.take(TAG.bitString).content);
  cursor.end();
  return { publicKey: sha256(spki), keyKind: kindOf(algorithm, bits), bits };
}

export interface Algorithm {
  readonly oid: string;
  readonly parameters: DerValue | undefined;
}

/** The inside of an AlgorithmIdentifier. */
export function readAlgorithm(cursor: DerCursor): Algorithm {
  const oid = readOid(cursor.take(TAG.oid).content);
  const parameters = cursor.peek() === undefined ? undefined : cursor.take();
  cursor.end();
  return { oid, parameters };
}

/** What kind of key an algorithm with these bits is. */
function kindOf({ oid, parameters }: Algorithm, bits: Buffer): string {
  if (oid === KEY_OIDS.rsa || oid === KEY_OIDS.rsaPss) {
    const key = openDer(bits);
    const modulus = readPositive(key.take(TAG.integer).content);
    readPositive(key.take(TAG.integer).content);
    key.end();
    return `${oid === KEY_OIDS.rsa ? 'rsa' : 'rsa-pss'}-${bitLength(modulus)}`;
  }
  if (oid === KEY_OIDS.ec) return `ecdsa-${curveOf(parameters)}`;
  if (oid === KEY_OIDS.ed25519) {
    if (bits.length !== 32) throw malformed('bad Ed25519 key');
    return 'ed25519';
  }
  return otherKeyName(oid);
}

/** `p256`, `p384`, another curve's name or OID; `explicit` where the curve is spelled out (RFC 5480 forbids it). */
export function curveOf(parameters: DerValue | undefined): string {
  if (!parameters) throw malformed('EC key without a curve');
  return parameters.tag === TAG.oid ? curveName(readOid(parameters.content)) : 'explicit';
}

function bitLength(magnitude: Buffer): number {
  return magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** RFC 7093 section 2, method 1: the left-most 160 bits of the SHA-256 of the key's bits; SHA-1 may be switched off. */
export function keyIdentifier(spki: Buffer): Buffer {
  return createHash('sha256').update(readPublicKey(spki).bits).digest().subarray(0, 20);
}
