import { isSignedBy, publicKeyOf } from './certificate-read.ts';
import { PkiError } from './pki-error.ts';

/** The key in the issuer's certificate made the signature on the other one; both as DER. A key that cannot be used made none. */
export function certifies(issuer: Buffer, certificate: Buffer): boolean {
  try {
    return isSignedBy(certificate, publicKeyOf(issuer));
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
