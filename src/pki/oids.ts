/** Object identifiers by the names that OpenSSL prints, one table a purpose; both directions come from it. */

export const ATTRIBUTE_OIDS = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const;

export const SIGNATURE_OIDS = {
  sha1WithRSAEncryption: '1.2.840.113549.1.1.5',
  rsassaPss: '1.2.840.113549.1.1.10',
  sha256WithRSAEncryption: '1.2.840.113549.1.1.11',
  sha384WithRSAEncryption: '1.2.840.113549.1.1.12',
  sha512WithRSAEncryption: '1.2.840.113549.1.1.13',
  'ecdsa-with-SHA1': '1.2.840.10045.4.1',
  'ecdsa-with-SHA256': '1.2.840.10045.4.3.2',
  'ecdsa-with-SHA384': '1.2.840.10045.4.3.3',
  'ecdsa-with-SHA512': '1.2.840.10045.4.3.4',
  ED25519: '1.3.101.112',
  ED448: '1.3.101.113',
} as const;

export const KEY_OIDS = {
  rsa: '1.2.840.113549.1.1.1',
  rsaPss: '1.2.840.113549.1.1.10',
  ec: '1.2.840.10045.2.1',
  ed25519: '1.3.101.112',
} as const;

/** Keys that rcssl does not make but can name. */
export const OTHER_KEY_OIDS = {
  x25519: '1.3.101.110',
  x448: '1.3.101.111',
  ed448: '1.3.101.113',
  dsa: '1.2.840.10040.4.1',
} as const;

/** `ecdsa-` and the curve: `p256` and `p384` are rcssl's own kinds, the others have their SEC 2 names. */
export const CURVE_OIDS = {
  p256: '1.2.840.10045.3.1.7',
  p384: '1.3.132.0.34',
  secp521r1: '1.3.132.0.35',
  secp256k1: '1.3.132.0.10',
} as const;

export const EXTENSION_OIDS = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
} as const;

export const EXTENDED_KEY_USAGE_OIDS = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  OCSPSigning: '1.3.6.1.5.5.7.3.9',
  anyExtendedKeyUsage: '2.5.29.37.0',
} as const;

/** PKCS #9 (RFC 2985 section 5.4.2): the extensions that a request asks for. */
export const EXTENSION_REQUEST_OID = '1.2.840.113549.1.9.14';

export const PBES2_OID = '1.2.840.113549.1.5.13';
export const PBKDF2_OID = '1.2.840.113549.1.5.12';
export const HMAC_OIDS = {
  sha1: '1.2.840.113549.2.7',
  sha224: '1.2.840.113549.2.8',
  sha256: '1.2.840.113549.2.9',
  sha384: '1.2.840.113549.2.10',
  sha512: '1.2.840.113549.2.11',
} as const;
export const CIPHER_OIDS = {
  'aes-128-cbc': '2.16.840.1.101.3.4.1.2',
  'aes-192-cbc': '2.16.840.1.101.3.4.1.22',
  'aes-256-cbc': '2.16.840.1.101.3.4.1.42',
  'des-ede3-cbc': '1.2.840.113549.3.7',
} as const;

export const DIGEST_OIDS = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
} as const;

/** RFC 7292 appendix C. */
export const PKCS12_PBE_OIDS = {
  'sha1-3des': '1.2.840.113549.1.12.1.3',
  'sha1-rc2-128': '1.2.840.113549.1.12.1.5',
  'sha1-rc2-40': '1.2.840.113549.1.12.1.6',
} as const;

export const PKCS7_OIDS = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
} as const;

/** RFC 7292 section 4.2; the other bags hold no certificates and no keys. */
export const BAG_OIDS = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
} as const;
/** RFC 2985 section 5.5.2: binds a key to its certificate. */
export const LOCAL_KEY_ID_OID = '1.2.840.113549.1.9.21';
export const X509_CERTIFICATE_OID = '1.2.840.113549.1.9.22.1';

/** RFC 5280 section 4.2.1.3, by the number of the bit. */
export const KEY_USES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** A table turned round: the name of an identifier, or the identifier itself. */
export function namer<N extends string>(table: Readonly<Record<N, string>>): (oid: string) => string {
  const names = new Map(Object.entries<string>(table).map(([name, oid]) => [oid, name]));
  return (oid) => names.get(oid) ?? oid;
}
