import { createDecipheriv, createHmac, hash, timingSafeEqual } from 'node:crypto';
import { loadRc2 } from './asn1.ts';
import { enter, openDer, TAG, type DerCursor } from './der.ts';
import { readSmall } from './der-values.ts';
import { decryptPbes2, wrongPassphrase } from './key-encryption.ts';
import { DIGEST_OIDS, namer, PBES2_OID, PKCS12_PBE_OIDS } from './oids.ts';
import { malformed, PkiError } from './pki-error.ts';
import { readAlgorithm, type Algorithm } from './public-key.ts';

const digestName = namer(DIGEST_OIDS);
const schemeName = namer(PKCS12_PBE_OIDS);

/** Some seconds of work on the main thread: more is a mistake, or a trap. */
const MOST_ROUNDS = 1_000_000;

/** RFC 7292 appendix B.3: what the derived bytes are for. */
const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

/** A passphrase as the two families of schemes want it. */
export interface Passphrase {
  /** PBES2 takes UTF-8. */
  readonly utf8: Buffer;
  /** PKCS#12's own derivation takes big-endian UTF-16 with a final zero (RFC 7292 appendix B.1). */
  readonly utf16: Buffer;
}

export function passphraseOf(utf8: Buffer): Passphrase {
  const utf16 = Buffer.from(`${utf8.toString('utf8')}\0`, 'utf16le').swap16();
  return { utf8, utf16 };
}

/** Whether the MacData fits what it is over. Throws `PkiError` for one that is broken or of an unknown digest. */
export function isMac(macData: DerCursor, content: Buffer, passphrase: Passphrase): boolean {
  const info = enter(macData);
  const { oid } = readAlgorithm(enter(info));
  const expected = info.take(TAG.octetString).content;
  const salt = macData.take(TAG.octetString).content;
  const rounds = macData.peek() === undefined ? 1 : readRounds(macData);
  macData.end();
  const digest = digestName(oid);
  if (!(digest in DIGEST_OIDS)) throw new PkiError('unsupported', `PKCS#12 with a MAC of ${oid}`);
  const key = deriveMacKey(digest, passphrase, salt, rounds, expected.length);
  const mac = createHmac(digest, key).update(content).digest();
  return mac.length === expected.length && timingSafeEqual(mac, expected);
}

/** Contents or a key by PBES2 or one of PKCS#12's schemes. Throws `PkiError`. */
export async function decryptPkcs12(algorithm: Algorithm, ciphertext: Buffer, passphrase: Passphrase): Promise<Buffer> {
  const { oid, parameters } = algorithm;
  if (!parameters) throw malformed('encryption without parameters');
  if (oid === PBES2_OID) return decryptPbes2(openDer(parameters.bytes), ciphertext, passphrase.utf8);
  const scheme = SCHEMES[schemeName(oid)];
  if (!scheme) throw new PkiError('unsupported', `PKCS#12 encrypted with ${oid}`);
  const cursor = openDer(parameters.bytes);
  const salt = cursor.take(TAG.octetString).content;
  const rounds = readRounds(cursor);
  const key = deriveKey('sha1', passphrase, salt, PURPOSE.key, rounds, scheme.keyBytes);
  const iv = deriveKey('sha1', passphrase, salt, PURPOSE.iv, rounds, 8);
  try {
    return await scheme.decrypt(key, iv, ciphertext);
  } catch {
    throw wrongPassphrase();
  }
}

interface Scheme {
  readonly keyBytes: number;
  decrypt(key: Buffer, iv: Buffer, ciphertext: Buffer): Promise<Buffer>;
}

// OpenSSL keeps RC2 in its legacy provider, which Node does not load; certificates are still found in it.
const rc2 = (keyBytes: number): Scheme => ({ keyBytes, decrypt: async (...input) => (await loadRc2())(...input) });

const SCHEMES: Readonly<Record<string, Scheme>> = {
  'sha1-3des': {
    keyBytes: 24,
    decrypt: async (key, iv, ciphertext) => {
      const decipher = createDecipheriv('des-ede3-cbc', key, iv);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    },
  },
  'sha1-rc2-128': rc2(16),
  'sha1-rc2-40': rc2(5),
};

function readRounds(cursor: DerCursor): number {
  const rounds = readSmall(cursor.take(TAG.integer).content);
  if (rounds < 1) throw malformed('no rounds');
  if (rounds > MOST_ROUNDS) throw new PkiError('unsupported', `PKCS#12 with ${rounds} rounds`);
  return rounds;
}

/** The key of a MAC, of so many bytes. */
export function deriveMacKey(
  digest: string,
  passphrase: Passphrase,
  salt: Buffer,
  rounds: number,
  length: number,
): Buffer {
  return deriveKey(digest, passphrase, salt, PURPOSE.mac, rounds, length);
}

/** RFC 7292 appendix B.2. */
function deriveKey(
  digest: string,
  { utf16 }: Passphrase,
  salt: Buffer,
  purpose: number,
  rounds: number,
  length: number,
): Buffer {
  const block = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
  const fill = (bytes: Buffer): Buffer =>
    bytes.length === 0 ? bytes : Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
  const input = Buffer.concat([fill(salt), fill(utf16)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += parts.at(-1)?.length ?? length) {
    let part = hash(digest, Buffer.concat([Buffer.alloc(block, purpose), input]), 'buffer');
    for (let round = 1; round < rounds; round++) part = hash(digest, part, 'buffer');
    parts.push(part);
    addToBlocks(input, Buffer.alloc(block, part));
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** Each block plus `addend` plus one, in place. */
function addToBlocks(blocks: Buffer, addend: Buffer): void {
  for (let start = 0; start < blocks.length; start += addend.length) {
    let carry = 1;
    for (let i = addend.length - 1; i >= 0; i--) {
      carry += (blocks[start + i] ?? 0) + (addend[i] ?? 0);
      blocks[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
}
