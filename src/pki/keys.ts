import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { openDer, TAG } from './der.ts';
import { checkEncryptedKey, decryptKey, encryptKey, fromOpenssl, wrongPassphrase } from './key-encryption.ts';
import { KEY_KINDS, type KeyKind } from './key-kinds.ts';
import { encodePem, splitPem, type PemBlock } from './pem.ts';
import { malformed, PkiError } from './pki-error.ts';
import { readPrivateKey, type PrivateKeyFacts } from './private-key.ts';
import { sha256 } from './public-key.ts';
import { Secret } from '../kernel/secret.ts';
import type { KeyFacts } from './facts.ts';

export { PkiError } from './pki-error.ts';

export interface KeyPair {
  readonly kind: KeyKind;
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** SHA-256 of it, lower-case hex. */
  readonly publicKey: string;
}

const generate = promisify(generateKeyPair);

/** A new key, made in the thread pool. */
export async function generateKey(kind: KeyKind): Promise<KeyPair> {
  const { privateKey, publicKey } = await generatePair(kind);
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { kind, privateKey, spki, publicKey: sha256(spki) };
}

function generatePair(kind: KeyKind): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  switch (kind) {
    case 'ecdsa-p256':
      return generate('ec', { namedCurve: 'P-256' });
    case 'ecdsa-p384':
      return generate('ec', { namedCurve: 'P-384' });
    case 'ed25519':
      return generate('ed25519', {});
    default:
      return generate('rsa', { modulusLength: Number(kind.slice('rsa-'.length)), publicExponent: 65_537 });
  }
}

/** PKCS#8 as PEM: plain, or with a passphrase as PBES2 (PBKDF2-HMAC-SHA-256, AES-256-CBC). */
export async function encodeKey(key: KeyPair, passphrase?: Secret): Promise<Secret> {
  const der = key.privateKey.export({ format: 'der', type: 'pkcs8' });
  if (!passphrase) return new Secret(Buffer.from(encodePem('PRIVATE KEY', der), 'latin1'));
  const encrypted = await encryptKey(der, passphrase);
  der.fill(0);
  return new Secret(Buffer.from(encodePem('ENCRYPTED PRIVATE KEY', encrypted), 'latin1'));
}

/**
 * A key from PKCS#8, PKCS#1, SEC 1 or encrypted PKCS#8, PEM or DER. Throws `PkiError`: `passphrase-needed`,
 * `passphrase-wrong`, `malformed`, or `unsupported` for a kind that rcssl does not make.
 */
export async function decodeKey(bytes: Buffer, passphrase?: Secret): Promise<KeyPair> {
  const file = openKeyFile(bytes);
  if (!file.encrypted) return pairOf(file.der, file.encoding, readPrivateKey(file.der, file.encoding));
  if (!passphrase) throw new PkiError('passphrase-needed', 'the key is encrypted');
  const der = file.headers ? decryptText(file.headers, passphrase) : await decryptKey(file.der, passphrase);
  try {
    return pairOf(der, 'pkcs8', readDecrypted(der));
  } finally {
    der.fill(0);
  }
}

/** A wrong passphrase may leave a padding that looks right, and nonsense before it. */
function readDecrypted(der: Buffer): PrivateKeyFacts {
  try {
    openDer(der);
  } catch {
    throw wrongPassphrase();
  }
  return readPrivateKey(der, 'pkcs8');
}

function pairOf(der: Buffer, type: KeyFacts['encoding'], { spki, publicKey, keyKind }: PrivateKeyFacts): KeyPair {
  const kind = KEY_KINDS.find((known) => known === keyKind);
  if (!kind) throw new PkiError('unsupported', `a key of kind ${keyKind}`);
  return { kind, privateKey: createPrivateKey({ key: der, format: 'der', type }), spki, publicKey };
}

/** RFC 1421 encryption, as `openssl genrsa -des3` wrote it before OpenSSL 3. */
function decryptText(pem: string, passphrase: Secret): Buffer {
  try {
    return createPrivateKey({ key: pem, format: 'pem', passphrase: passphrase.reveal() }).export({
      format: 'der',
      type: 'pkcs8',
    });
  } catch (error) {
    throw fromOpenssl(error);
  }
}

/**
 * What a key file says without its passphrase. `canonical`: the bytes are exactly what `encodeKey` would write in plain
 * form, or one well-formed encrypted block. Throws `PkiError`.
 */
export function readKey(bytes: Buffer): { facts: KeyFacts; canonical: boolean } {
  const { der, encoding, encrypted, headers } = openKeyFile(bytes);
  if (encrypted) {
    if (headers === undefined) checkEncryptedKey(der);
    const canonical = headers === undefined && isPem(bytes, 'ENCRYPTED PRIVATE KEY', der);
    return { facts: { publicKey: undefined, keyKind: undefined, encoding, encrypted }, canonical };
  }
  const { publicKey, keyKind, canonical } = readPrivateKey(der, encoding);
  return {
    facts: { publicKey, keyKind, encoding, encrypted },
    canonical: canonical && isPem(bytes, 'PRIVATE KEY', der),
  };
}

function isPem(bytes: Buffer, label: string, der: Buffer): boolean {
  return bytes.equals(Buffer.from(encodePem(label, der), 'latin1'));
}

interface KeyFile extends Pick<KeyFacts, 'encoding' | 'encrypted'> {
  readonly der: Buffer;
  /** The PEM block, where its headers say how it is encrypted. */
  readonly headers: string | undefined;
}

function openKeyFile(bytes: Buffer): KeyFile {
  if (bytes[0] === TAG.sequence && !bytes.includes('-----BEGIN '))
    return { ...shapeOf(bytes), der: bytes, headers: undefined };
  // `openssl ecparam -genkey` puts the curve before the key.
  const block = splitPem(bytes).find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!block) throw malformed('no private key');
  return fileOf(block);
}

function fileOf({ label, der, headers, text }: PemBlock): KeyFile {
  const file = { der, encrypted: headers, headers: headers ? text : undefined };
  switch (label) {
    case 'PRIVATE KEY':
      return { ...file, encoding: 'pkcs8' };
    case 'ENCRYPTED PRIVATE KEY':
      return { ...file, encoding: 'pkcs8', encrypted: true };
    case 'RSA PRIVATE KEY':
      return { ...file, encoding: 'pkcs1' };
    case 'EC PRIVATE KEY':
      return { ...file, encoding: 'sec1' };
    default:
      throw new PkiError('unsupported', `a key in the form ${label}`);
  }
}

/** DER has no label; the first values tell the forms apart. */
function shapeOf(der: Buffer): Pick<KeyFacts, 'encoding' | 'encrypted'> {
  const key = openDer(der);
  if (key.take().tag === TAG.sequence) return { encoding: 'pkcs8', encrypted: true };
  switch (key.peek()) {
    case TAG.integer:
      return { encoding: 'pkcs1', encrypted: false };
    case TAG.octetString:
      return { encoding: 'sec1', encrypted: false };
    default:
      return { encoding: 'pkcs8', encrypted: false };
  }
}
