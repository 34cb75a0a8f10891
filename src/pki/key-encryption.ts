import { createCipheriv, createDecipheriv, createPrivateKey, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { loadAsn1 } from './asn1.ts';
import { enter, openDer, TAG, type DerCursor } from './der.ts';
import { readSmall } from './der-values.ts';
import { malformed, PkiError } from './pki-error.ts';
import { CIPHER_OIDS, HMAC_OIDS, namer, PBES2_OID, PBKDF2_OID } from './oids.ts';
import { readAlgorithm } from './public-key.ts';
import type { Secret } from '../kernel/secret.ts';

const derive = promisify(pbkdf2);
const hmacName = namer(HMAC_OIDS);
const cipherName = namer(CIPHER_OIDS);

/** OWASP Password Storage Cheat Sheet, 2023, for PBKDF2-HMAC-SHA-256. Node's own export cannot be told, and uses 2048. */
const ROUNDS = 600_000;
/** Some seconds of work: more is a mistake, or a trap. */
const MOST_ROUNDS = 10_000_000;

const KEY_BYTES: Readonly<Record<string, number>> = {
  'aes-128-cbc': 16,
  'aes-192-cbc': 24,
  'aes-256-cbc': 32,
  'des-ede3-cbc': 24,
};

/** EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018), as DER. The key is derived in the thread pool. */
export async function encryptKey(pkcs8: Buffer, passphrase: Secret): Promise<Buffer> {
  const asn1 = await loadAsn1();
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await derive(passphrase.reveal(), salt, ROUNDS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(pkcs8), cipher.final()]);
  key.fill(0);
  const prf = asn1.sequence(asn1.oid(HMAC_OIDS.sha256), asn1.null());
  const kdf = asn1.sequence(asn1.oid(PBKDF2_OID), asn1.sequence(asn1.octets(salt), asn1.integer(ROUNDS), prf));
  const scheme = asn1.sequence(asn1.oid(CIPHER_OIDS['aes-256-cbc']), asn1.octets(iv));
  const algorithm = asn1.sequence(asn1.oid(PBES2_OID), asn1.sequence(kdf, scheme));
  return asn1.encode(asn1.sequence(algorithm, asn1.octets(ciphertext)));
}

/** The shape alone, without a passphrase. Throws `PkiError`. */
export function checkEncryptedKey(der: Buffer): void {
  const info = openDer(der);
  readAlgorithm(enter(info));
  if (info.take(TAG.octetString).content.length === 0) throw malformed('encrypted key without content');
  info.end();
}

/** The PKCS#8 DER inside. Throws `PkiError`: `passphrase-wrong`, or `unsupported` where the scheme is. */
export async function decryptKey(der: Buffer, passphrase: Secret): Promise<Buffer> {
  checkEncryptedKey(der);
  const info = openDer(der);
  const { oid, parameters } = readAlgorithm(enter(info));
  const ciphertext = info.take(TAG.octetString).content;
  if (!parameters) throw malformed('encrypted key without parameters');
  if (oid !== PBES2_OID) return decryptByOpenssl(der, parameters.bytes, passphrase);
  return decryptPbes2(openDer(parameters.bytes), ciphertext, passphrase.reveal());
}

/** PBES2 with PBKDF2 and a CBC cipher, by what is inside its parameters (RFC 8018 appendix A.4). Throws `PkiError`. */
export async function decryptPbes2(scheme: DerCursor, ciphertext: Buffer, passphrase: Buffer): Promise<Buffer> {
  const kdf = readAlgorithm(enter(scheme));
  const encryption = readAlgorithm(enter(scheme));
  const cipher = cipherName(encryption.oid);
  const keyBytes = KEY_BYTES[cipher];
  if (kdf.oid !== PBKDF2_OID || keyBytes === undefined || !kdf.parameters || !encryption.parameters) {
    throw new PkiError('unsupported', 'encrypted key: a scheme other than PBKDF2 with AES-CBC');
  }
  const { salt, rounds, digest } = readPbkdf2(openDer(kdf.parameters.bytes));
  const iv = encryption.parameters.content;
  if (iv.length !== (cipher === 'des-ede3-cbc' ? 8 : 16)) throw malformed('encrypted key: bad initialisation vector');
  const key = await derive(passphrase, salt, rounds, keyBytes, digest);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    // The padding gives a wrong passphrase away, but for one in 256.
    throw wrongPassphrase();
  } finally {
    key.fill(0);
  }
}

/** RFC 8018 appendix A.2. */
function readPbkdf2(parameters: DerCursor): { salt: Buffer; rounds: number; digest: string } {
  const salt = parameters.take(TAG.octetString).content;
  const rounds = checkRounds(readSmall(parameters.take(TAG.integer).content));
  // The key's length is the cipher's.
  parameters.optional(TAG.integer);
  const prf = parameters.peek() === undefined ? undefined : hmacName(readAlgorithm(enter(parameters)).oid);
  parameters.end();
  const digest = prf ?? 'sha1';
  if (!(digest in HMAC_OIDS)) throw new PkiError('unsupported', `encrypted key: PBKDF2 with ${digest}`);
  return { salt, rounds, digest };
}

function checkRounds(rounds: number): number {
  if (rounds < 1) throw malformed('encrypted key: no rounds');
  if (rounds > MOST_ROUNDS) throw new PkiError('unsupported', `encrypted key: ${rounds} rounds of PBKDF2`);
  return rounds;
}

/** PKCS#12's schemes, which older tools still write: `SEQUENCE { salt, rounds }`. */
function decryptByOpenssl(der: Buffer, parameters: Buffer, passphrase: Secret): Buffer {
  const scheme = openDer(parameters);
  scheme.take(TAG.octetString);
  checkRounds(readSmall(scheme.take(TAG.integer).content));
  try {
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8', passphrase: passphrase.reveal() });
    return key.export({ format: 'der', type: 'pkcs8' });
  } catch (error) {
    throw fromOpenssl(error);
  }
}

/** What OpenSSL said, as ours: a scheme that it does not know is not the user's passphrase. */
export function fromOpenssl(error: unknown): PkiError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /UNSUPPORTED|UNKNOWN/.test(code)
    ? new PkiError('unsupported', 'encrypted key: a scheme that OpenSSL does not support')
    : wrongPassphrase();
}

export function wrongPassphrase(): PkiError {
  return new PkiError('passphrase-wrong', 'the passphrase does not open the key');
}
