import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { commonNameOf, readCertificate } from '../pki/certificate-read.ts';
import { encodePem } from '../pki/pem.ts';
import type { TrustRoot } from './types.ts';

/** Where the registry and the certificates that it knows lie. */
export function trustFolder(dataFolder: string): string {
  return join(dataFolder, 'trust');
}

/** A root's certificate (DER) as stores know it. Throws `PkiError` for what is no certificate. */
export function trustRoot(der: Buffer, dataFolder: string): TrustRoot {
  const facts = readCertificate(der);
  const id = `rcssl-${facts.fingerprint.slice(0, 12)}`;
  return {
    fingerprint: facts.fingerprint,
    sha1: createHash('sha1').update(der).digest('hex').toUpperCase(),
    name: commonNameOf(facts) ?? id,
    id,
    der,
    pem: encodePem('CERTIFICATE', der),
    file: join(trustFolder(dataFolder), `${id}.pem`),
  };
}
