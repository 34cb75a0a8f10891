import type { Instant } from '../kernel/instant.ts';
import type { AltName } from './names.ts';

/** What a certificate, request or key says, read once and compared as plain data: no objects of node:crypto, no bytes of keys. */

/** Subject attributes by their short names (`CN`, `O`, `OU`, `L`, `ST`, `C`, others by OID), in the order of the encoding. */
export type DistinguishedName = readonly (readonly [attribute: string, value: string])[];

export interface NameConstraints {
  /** Permitted dNSName subtrees, lower case, no leading dot, sorted. */
  readonly dns: readonly string[];
  /** Permitted iPAddress ranges as CIDR (`10.0.0.0/8`, `fe80::/10`), sorted. */
  readonly ip: readonly string[];
  readonly critical: boolean;
}

export interface CertificateFacts {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** Lower-case hex. */
  readonly serial: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  /** The DER of subject and issuer as hex: chains are compared by these. */
  readonly subjectDer: string;
  readonly issuerDer: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly names: readonly AltName[];
  readonly sanCritical: boolean;
  /** SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex: what `KeyFacts.publicKey` is compared with. */
  readonly publicKey: string;
  /** A `KeyKind`, or what it is instead (`rsa-1024`, `ecdsa-secp521r1`). */
  readonly keyKind: string;
  /** `sha256WithRSAEncryption` and the like, or the OID. */
  readonly signatureAlgorithm: string;
  readonly version: number;
  /** basicConstraints; undefined if there are none. */
  readonly basicConstraints:
    | { readonly ca: boolean; readonly pathLength: number | undefined; readonly critical: boolean }
    | undefined;
  /** RFC 5280 4.2.1.3 names (`digitalSignature`, …); undefined if the extension is absent. */
  readonly keyUsage: { readonly uses: readonly string[]; readonly critical: boolean } | undefined;
  /** `serverAuth`, `clientAuth`, … or OIDs; undefined if the extension is absent. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  /** Lower-case hex. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** The subject key identifier is the key's as rcssl computes it (RFC 7093 section 2, method 1); others use SHA-1. */
  readonly keyIdIsOurs: boolean;
  readonly nameConstraints: NameConstraints | undefined;
  /** OIDs of critical extensions that rcssl does not know. */
  readonly unknownCritical: readonly string[];
}

export interface RequestFacts {
  readonly subject: DistinguishedName;
  readonly names: readonly AltName[];
  readonly publicKey: string;
  readonly keyKind: string;
  /** Its own signature verifies. */
  readonly signed: boolean;
}

export interface KeyFacts {
  /** SHA-256 of the SubjectPublicKeyInfo DER, lower-case hex; undefined while it is encrypted and nobody has unlocked it. */
  readonly publicKey: string | undefined;
  readonly keyKind: string | undefined;
  readonly encoding: 'pkcs8' | 'pkcs1' | 'sec1';
  readonly encrypted: boolean;
}
