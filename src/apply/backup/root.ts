import type { Secret } from '../../kernel/secret.ts';
import { readCertificates } from '../../pki/certificate-read.ts';
import type { CertificateFacts } from '../../pki/facts.ts';
import { PkiError, readKey } from '../../pki/keys.ts';

/** A root that signs: its key as it is on the disk, and the certificate of that key. */
export interface LiveRoot {
  /** Of the configuration. */
  readonly name: string;
  readonly key: Secret;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex; undefined where the key is encrypted and nothing tells. */
  readonly publicKey: string | undefined;
  readonly keyKind: string | undefined;
  readonly certificate: { readonly bytes: Buffer; readonly facts: CertificateFacts } | undefined;
}

/** Why they are no root; `place` is the file that is to blame. */
export interface RootFault {
  readonly fault: string;
  readonly place: 'key' | 'certificate' | 'both';
}

/** What a key and its certificate are. `known` is what a record says of a key that is encrypted. */
export function openRoot(
  name: string,
  key: Secret,
  certificate: Buffer | undefined,
  known: Pick<LiveRoot, 'publicKey' | 'keyKind'>,
): LiveRoot | RootFault {
  const opened = attempt('key', () => readKey(key.reveal()).facts);
  if ('fault' in opened) return opened;
  const read = certificate && attempt('certificate', () => readCertificates(certificate)[0]);
  if (read && 'fault' in read) return read;
  const facts = read?.facts;
  const publicKey = opened.publicKey ?? known.publicKey;
  if (facts && publicKey !== undefined && publicKey !== facts.publicKey) {
    return { fault: 'the key is not that of the certificate', place: 'both' };
  }
  return {
    name,
    key,
    publicKey,
    keyKind: opened.keyKind ?? known.keyKind ?? facts?.keyKind,
    certificate: certificate && facts && { bytes: certificate, facts },
  };
}

function attempt<T>(place: RootFault['place'], read: () => T): T | RootFault {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return { fault: error.message, place };
    throw error;
  }
}
