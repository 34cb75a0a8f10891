import { fail } from '../diagnostics/diagnostic.ts';
import type { KeyArtifact } from '../desired/types.ts';
import type { World } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { decodeKey, encodeKey, generateKey, PkiError, readKey, type KeyPair } from '../pki/keys.ts';
import type { Action } from '../plan/types.ts';

const LIMIT = 4 * 1024 * 1024;

/** The key of one owner as the plan wants it, and its bytes where they have to be written. */
export interface KeyResult {
  readonly pair: KeyPair;
  /** The encoded key; undefined where the file stays as it is. */
  readonly encoded: Secret | undefined;
}

/**
 * Makes, reads or re-encodes the key of an action. A passphrase is asked for at most once, and only when the key is
 * needed. Errors: `key-passphrase-wrong`, `key-unreadable`, and those of the passphrase's source.
 */
export async function keyFor(
  action: Action<KeyArtifact>,
  passphrase: () => Promise<Secret | undefined>,
  files: World['files'],
): Promise<KeyResult> {
  if (action.kind === 'create' || action.kind === 'replace') {
    // The passphrase first: a missing one must not cost the seconds that a 4096-bit key takes.
    const secret = await passphrase();
    const pair = await generateKey(action.target.keyKind);
    return { pair, encoded: await encodeKey(pair, secret) };
  }
  const from = action.kind === 'rewrite' ? action.from : action.target.path;
  const bytes = files.read(from, LIMIT) ?? fail('key-unreadable', { why: 'it is gone' }, { file: from });
  const pair = await unlock(bytes, from, passphrase);
  return { pair, encoded: action.kind === 'rewrite' ? await encodeKey(pair, await passphrase()) : undefined };
}

/** False for what is no key: opening it says what is wrong. */
export function isEncrypted(bytes: Buffer): boolean {
  try {
    return readKey(bytes).facts.encrypted;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

async function unlock(bytes: Buffer, path: string, passphrase: () => Promise<Secret | undefined>): Promise<KeyPair> {
  try {
    return await decodeKey(bytes, isEncrypted(bytes) ? await passphrase() : undefined);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    if (error.code === 'passphrase-wrong') return fail('key-passphrase-wrong', {}, { file: path });
    if (error.code === 'passphrase-needed') return fail('key-passphrase-needed', {}, { file: path });
    return fail('key-unreadable', { why: error.message }, { file: path });
  }
}

/** Asks once and remembers; the same question twice in a run would be a nuisance. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
