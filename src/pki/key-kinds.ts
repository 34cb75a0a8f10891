import type { SIGNATURE_OIDS } from './oids.ts';

/** The keys that rcssl makes. */
export const KEY_KINDS = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'ecdsa-p256', 'ecdsa-p384', 'ed25519'] as const;

export type KeyKind = (typeof KEY_KINDS)[number];

/** The signature that a key of this kind makes, named as `CertificateFacts.signatureAlgorithm` names it. */
export function signatureAlgorithmFor(kind: KeyKind): keyof typeof SIGNATURE_OIDS {
  switch (kind) {
    case 'ecdsa-p256':
      return 'ecdsa-with-SHA256';
    // RFC 5480 section 4: the digest as strong as the curve.
    case 'ecdsa-p384':
      return 'ecdsa-with-SHA384';
    case 'ed25519':
      return 'ED25519';
    default:
      return 'sha256WithRSAEncryption';
  }
}
