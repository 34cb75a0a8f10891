import type { Secret } from '../kernel/secret.ts';
import { malformed, PkiError } from './pki-error.ts';

/*
 * Files of age (https://age-encryption.org/v1) that a passphrase opens, so that `age -d` reads what rcssl locked. The
 * package is loaded when a file is locked or opened; it is imported here alone.
 */

/** log2 of scrypt's N: what age itself takes. 256 MiB and two seconds of one core. */
const WORK = 18;
/** A hostile file must not ask for more: this is 1 GiB, and age-encryption's own limit. */
const MOST_WORK = 20;

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
  decrypter.addPassphrase(textOf(passphrase));
  try {
    return Buffer.from(await decrypter.decrypt(binary));
  } catch (error) {
    const wrong = error instanceof Error && error.message.startsWith('no identity matched');
    if (wrong) throw new PkiError('passphrase-wrong', 'the passphrase does not open it');
    throw damaged();
  }
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
