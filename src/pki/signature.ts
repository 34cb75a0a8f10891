import { sign, verify, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { namer, SIGNATURE_OIDS } from './oids.ts';
import { signatureAlgorithmFor, type KeyKind } from './key-kinds.ts';
import type { Asn1, Asn1Writer } from './asn1.ts';
import type { KeyPair } from './keys.ts';

const signAsync = promisify(sign);
const signatureName = namer(SIGNATURE_OIDS);

/** `SEQUENCE { what is signed, algorithm, signature }`, the frame of certificates and requests. Signs in the thread pool. */
export async function signDer(asn1: Asn1Writer, key: KeyPair, content: Buffer): Promise<Buffer> {
  const signature = await signAsync(digestOf(signatureAlgorithmFor(key.kind)), content, key.privateKey);
  return asn1.encode(asn1.sequence(asn1.raw(content), signatureAlgorithm(asn1, key.kind), asn1.bits(signature)));
}

/** The AlgorithmIdentifier of the signatures that a key of this kind makes. */
export function signatureAlgorithm(asn1: Asn1Writer, kind: KeyKind): Asn1 {
  const oid = asn1.oid(SIGNATURE_OIDS[signatureAlgorithmFor(kind)]);
  // NULL parameters with RSA (RFC 4055 section 5), none with the others (RFC 5758 section 3.2, RFC 8410 section 3).
  return asn1.sequence(oid, kind.startsWith('rsa') ? asn1.null() : undefined);
}

/** False also where key and algorithm do not fit, and for algorithms of unknown or parametrised (PSS) kind. */
export function isSignature(algorithm: string, content: Buffer, key: KeyObject, signature: Buffer): boolean {
  const name = signatureName(algorithm);
  // node:crypto goes by the key alone: an ECDSA signature called RSA would pass.
  if (keyTypeOf(name) !== key.asymmetricKeyType) return false;
  try {
    return verify(digestOf(name), content, key, signature);
  } catch {
    return false;
  }
}

/** As `KeyObject.asymmetricKeyType` names it. */
function keyTypeOf(algorithm: string): string | undefined {
  if (algorithm.endsWith('WithRSAEncryption')) return 'rsa';
  if (algorithm.startsWith('ecdsa-with-')) return 'ec';
  return algorithm.startsWith('ED') ? algorithm.toLowerCase() : undefined;
}

/** Undefined for the algorithms that hash by themselves. */
function digestOf(algorithm: string): string | undefined {
  return /sha\d+/i.exec(algorithm)?.[0].toLowerCase();
}
