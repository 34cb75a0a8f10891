import { createECDH, createPrivateKey, createPublicKey } from 'node:crypto';
import { contextTag, enter, openDer, TAG, wrapDer, type DerValue } from './der.ts';
import { readBits, readPositive, readSmall } from './der-values.ts';
import { malformed, PkiError } from './pki-error.ts';
import { KEY_OIDS } from './oids.ts';
import { curveOf, readAlgorithm, readPublicKey } from './public-key.ts';
import type { KeyFacts } from './facts.ts';

export interface PrivateKeyFacts {
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  readonly publicKey: string;
  readonly keyKind: string;
  /** It is encoded as rcssl encodes: PKCS#8 without attributes, an EC key with its public half and without its curve. */
  readonly canonical: boolean;
}

interface Halves {
  readonly spki: Buffer;
  readonly canonical: boolean;
}

/**
 * Reads an unencrypted private key and proves that its parts belong together, which OpenSSL does not look at when it
 * loads one: a single changed byte would otherwise be found at the first handshake. Throws `PkiError`.
 */
export function readPrivateKey(der: Buffer, encoding: KeyFacts['encoding']): PrivateKeyFacts {
  const { spki, canonical } = halvesOf(der, encoding);
  const { publicKey, keyKind } = readPublicKey(spki);
  return { spki, publicKey, keyKind, canonical };
}

function halvesOf(der: Buffer, encoding: KeyFacts['encoding']): Halves {
  if (encoding === 'pkcs1') return { spki: rsaSpki(der), canonical: false };
  if (encoding === 'sec1') return { ...ecHalves(der, undefined), canonical: false };
  const key = openDer(der);
  const version = readSmall(key.take(TAG.integer).content);
  const algorithmDer = key.take(TAG.sequence);
  const algorithm = readAlgorithm(openDer(algorithmDer.bytes));
  const inner = key.take(TAG.octetString).content;
  const bare = key.peek() === undefined;
  key.optional(contextTag(0));
  // RFC 5958 section 2: version 1 is the one with the public key at the end.
  if (version !== (key.optional(contextTag(1, false)) ? 1 : 0)) throw malformed('unknown version of a private key');
  key.end();
  if (algorithm.oid === KEY_OIDS.rsa) {
    if (algorithm.parameters?.tag !== TAG.null) throw malformed('RSA key without its parameters');
    return { spki: rsaSpki(inner), canonical: bare };
  }
  if (algorithm.oid === KEY_OIDS.ec) {
    const { spki, canonical } = ecHalves(inner, algorithm.parameters);
    return { spki, canonical: canonical && bare };
  }
  return opensslHalves(der, encoding);
}

/** Octets of 16384 bits and a sign. */
const LARGEST_NUMBER = 2049;

/** RFC 8017 appendix A.1.2, with every relation between its numbers checked. */
function rsaSpki(der: Buffer): Buffer {
  const key = openDer(der);
  if (readSmall(key.take(TAG.integer).content) !== 0)
    throw new PkiError('unsupported', 'RSA key of more than two primes');
  const numbers = key.rest(TAG.integer);
  // A hostile file must not make the arithmetic long.
  if (numbers.some(({ content }) => content.length > LARGEST_NUMBER)) {
    throw new PkiError('unsupported', 'RSA key of more than 16384 bits');
  }
  const [n, e, d, p, q, dp, dq, qi] = numbers.map(({ content }) =>
    BigInt(`0x${readPositive(content).toString('hex')}`),
  );
  const [modulus, exponent] = numbers;
  if (numbers.length !== 8 || !modulus || !exponent || !n || !e || !d || !p || !q || !dp || !dq || !qi) {
    throw malformed('not an RSA key');
  }
  if (p < 3n || q < 3n) throw malformed('not an RSA key');
  const halves = p * q === n && d % (p - 1n) === dp && d % (q - 1n) === dq;
  if (!halves || (e * dp) % (p - 1n) !== 1n || (e * dq) % (q - 1n) !== 1n || (qi * q) % p !== 1n) {
    throw malformed('the parts of the RSA key do not belong together');
  }
  const bits = Buffer.concat([Buffer.alloc(1), wrapDer(TAG.sequence, modulus.bytes, exponent.bytes)]);
  return wrapDer(TAG.sequence, RSA_ALGORITHM, wrapDer(TAG.bitString, bits));
}

/** AlgorithmIdentifier of rsaEncryption with its NULL. */
const RSA_ALGORITHM = Buffer.from('300d06092a864886f70d0101010500', 'hex');
const EC_ALGORITHM_OID = Buffer.from('06072a8648ce3d0201', 'hex');

/** Node's names of the curves whose keys are checked: those that rcssl makes. */
const CHECKED_CURVES: Readonly<Record<string, string>> = { p256: 'prime256v1', p384: 'secp384r1' };

/** RFC 5915. The curve is outside in PKCS#8, inside in SEC 1. */
function ecHalves(der: Buffer, outer: DerValue | undefined): Halves {
  const key = openDer(der);
  if (readSmall(key.take(TAG.integer).content) !== 1) throw malformed('not an EC key');
  const secret = key.take(TAG.octetString).content;
  const inner = key.peek() === contextTag(0) ? enter(key, contextTag(0)).take() : undefined;
  const point = key.peek() === contextTag(1) ? enter(key, contextTag(1)).take(TAG.bitString) : undefined;
  key.end();
  const parameters = outer ?? inner;
  const curve = CHECKED_CURVES[curveOf(parameters)];
  if (!curve || !parameters) throw new PkiError('unsupported', 'EC key of another curve than P-256 or P-384');
  if (inner && !inner.bytes.equals(parameters.bytes)) throw malformed('EC key with two curves');
  const computed = publicPoint(curve, secret);
  if (point && !readBits(point.content).equals(computed))
    throw malformed('the parts of the EC key do not belong together');
  const algorithm = wrapDer(TAG.sequence, EC_ALGORITHM_OID, parameters.bytes);
  const bits = wrapDer(TAG.bitString, Buffer.alloc(1), computed);
  const padded = secret.length * 2 + 1 === computed.length;
  return {
    spki: wrapDer(TAG.sequence, algorithm, bits),
    canonical: padded && point !== undefined && inner === undefined,
  };
}

function publicPoint(curve: string, secret: Buffer): Buffer {
  try {
    const pair = createECDH(curve);
    pair.setPrivateKey(secret);
    return pair.getPublicKey();
  } catch {
    throw malformed('not an EC key of its curve');
  }
}

/** The kinds whose public half is not in the file: OpenSSL computes it. */
function opensslHalves(der: Buffer, type: KeyFacts['encoding']): Halves {
  try {
    const key = createPrivateKey({ key: der, format: 'der', type });
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
    return { spki, canonical: key.export({ format: 'der', type: 'pkcs8' }).equals(der) };
  } catch {
    throw malformed('not a private key');
  }
}
