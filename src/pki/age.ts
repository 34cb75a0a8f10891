import { createDecipheriv, scrypt } from 'node:crypto';
import type { Stanza } from 'age-encryption';
import type { Secret } from '../kernel/secret.ts';
import { malformed, PkiError } from './pki-error.ts';

/*
 * Files of age (https://age-encryption.org/v1) that a passphrase opens, so that `age -d` reads what rcssl locked. The
 * package is loaded when a file is locked or opened; it is imported here alone.
 */

/** log2 of scrypt's N: what age itself takes. 256 MiB and two seconds of one core. */
const WORK = 18;
/** A hostile file must not ask for more: this is 1 GiB and seven seconds, and age-encryption's own limit. */
const MOST_WORK = 20;

/** Bytes of what a passphrase wraps, and of what proves it. */
const FILE_KEY = 16;
const TAG = 16;
const LABEL = Buffer.from('age-encryption.org/v1/scrypt');

const ARMOR = '-----BEGIN AGE ENCRYPTED FILE-----';
/** The header up to its one stanza: a passphrase stands alone in a file. */
const HEADER = /^age-encryption\.org\/v1\n-> scrypt [\w+/]{22} ([1-9]\d?)\n/;

/** In the armored form, which survives mail and a password manager. `work` is less in tests alone. */
export async function lockAge(bytes: Buffer, passphrase: Secret, work: number = WORK): Promise<Buffer> {
  const { armor, Encrypter } = await import('age-encryption');
  const encrypter = new Encrypter();
  encrypter.setPassphrase(textOf(passphrase));
  encrypter.setScryptWorkFactor(work);
  return Buffer.from(armor.encode(await encrypter.encrypt(bytes)), 'latin1');
}

/** The binary form of an age file, armored or not, that a passphrase can open. Costs nothing; throws `PkiError`. */
export async function readAge(bytes: Buffer): Promise<Buffer> {
  const binary = bytes.subarray(0, ARMOR.length).equals(Buffer.from(ARMOR)) ? await dearmored(bytes) : bytes;
  const start = binary.toString('latin1', 0, 100);
  if (!start.startsWith('age-encryption.org/')) throw malformed('it is not an age file');
  const work = HEADER.exec(start)?.[1];
  if (work === undefined) throw new PkiError('unsupported', 'it is an age file, but not locked with a passphrase');
  if (Number(work) > MOST_WORK)
    throw new PkiError('unsupported', `its work factor is ${work}, and ${MOST_WORK} the most`);
  return binary;
}

/** What `readAge` gave, opened. Throws `PkiError`: `passphrase-wrong`, or `malformed` where it is cut off or changed. */
export async function openAge(binary: Buffer, passphrase: Secret): Promise<Buffer> {
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  decrypter.addIdentity({ unwrapFileKey: (stanzas: Stanza[]) => unwrap(stanzas, passphrase) });
  try {
    return Buffer.from(await decrypter.decrypt(binary));
  } catch (error) {
    const wrong = error instanceof Error && error.message.startsWith('no identity matched');
    if (wrong) throw new PkiError('passphrase-wrong', 'the passphrase does not open it');
    throw damaged();
  }
}

/**
 * The file key in a stanza of scrypt (https://c2sp.org/age#scrypt-recipient-stanza); null for another passphrase. The
 * package's own scrypt holds the event loop, and with it Ctrl-C, for all that a hostile file may ask for.
 */
async function unwrap(stanzas: readonly Stanza[], passphrase: Secret): Promise<Uint8Array | null> {
  const [stanza, ...more] = stanzas;
  const [type, salt = '', work] = stanza?.args ?? [];
  if (type !== 'scrypt' || more.length > 0 || stanza?.body.length !== FILE_KEY + TAG) throw damaged();
  const key = await derive(textOf(passphrase), Buffer.concat([LABEL, Buffer.from(salt, 'base64')]), 2 ** Number(work));
  const opening = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: TAG });
  opening.setAuthTag(stanza.body.subarray(FILE_KEY));
  try {
    return Buffer.concat([opening.update(stanza.body.subarray(0, FILE_KEY)), opening.final()]);
  } catch {
    return null;
  }
}

/** `cost` is scrypt's N. On a thread of its own. */
function derive(passphrase: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { N: cost, r: 8, p: 1, maxmem: 2 * 128 * 8 * cost };
    scrypt(passphrase, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

async function dearmored(bytes: Buffer): Promise<Buffer> {
  const { armor } = await import('age-encryption');
  try {
    return Buffer.from(armor.decode(bytes.toString('latin1')));
  } catch {
    throw damaged();
  }
}

function damaged(): PkiError {
  return malformed('it is damaged or cut off');
}

function textOf(passphrase: Secret): string {
  return passphrase.reveal().toString('utf8');
}
