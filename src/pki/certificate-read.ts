import { X509Certificate, type KeyObject } from 'node:crypto';
import { contextTag, DerCursor, enter, openDer, TAG } from './der.ts';
import { readBits, readSmall, readTime, checkInteger } from './der-values.ts';
import { malformed, PkiError } from './pki-error.ts';
import { namer, SIGNATURE_OIDS } from './oids.ts';
import { readName } from './distinguished-name.ts';
import { readExtensionFacts, readExtensions } from './extensions-read.ts';
import { keyIdentifier, readAlgorithm, readPublicKey, sha256 } from './public-key.ts';
import { isSignature } from './signature.ts';
import { splitPem } from './pem.ts';
import type { CertificateFacts } from './facts.ts';

const signatureName = namer(SIGNATURE_OIDS);

/** What a certificate says (RFC 5280 section 4.1). Throws `PkiError`. */
export function readCertificate(der: Buffer): CertificateFacts {
  const { tbs, algorithm } = openCertificate(der);
  const version = tbs.peek() === contextTag(0) ? readVersion(enter(tbs, contextTag(0))) : 1;
  const serial = checkInteger(tbs.take(TAG.integer).content);
  const inner = tbs.take(TAG.sequence);
  // RFC 5280 section 4.1.1.2: the signed algorithm and the one outside are the same.
  if (!inner.bytes.equals(algorithm)) throw malformed('two signature algorithms');
  const issuer = tbs.take(TAG.sequence).bytes;
  const validity = enter(tbs);
  const notBefore = readTime(validity.take());
  const notAfter = readTime(validity.take());
  validity.end();
  const subject = tbs.take(TAG.sequence).bytes;
  const spki = tbs.take(TAG.sequence).bytes;
  const { publicKey, keyKind } = readPublicKey(spki);
  tbs.optional(contextTag(1, false));
  tbs.optional(contextTag(2, false));
  const extensions = tbs.peek() === contextTag(3) ? enter(enter(tbs, contextTag(3))) : new DerCursor(Buffer.alloc(0));
  tbs.end();
  const facts = readExtensionFacts(readExtensions(extensions));
  return {
    fingerprint: sha256(der),
    serial: serialHex(serial),
    subject: readName(subject),
    issuer: readName(issuer),
    subjectDer: subject.toString('hex'),
    issuerDer: issuer.toString('hex'),
    notBefore,
    notAfter,
    publicKey,
    keyKind,
    signatureAlgorithm: signatureName(readAlgorithm(new DerCursor(inner.content)).oid),
    version,
    ...facts,
    keyIdIsOurs: facts.subjectKeyId === keyIdentifier(spki).toString('hex'),
  };
}

interface OpenCertificate {
  /** Inside the TBSCertificate. */
  readonly tbs: DerCursor;
  readonly tbsDer: Buffer;
  /** DER of the AlgorithmIdentifier outside of what is signed. */
  readonly algorithm: Buffer;
  readonly signature: Buffer;
}

function openCertificate(der: Buffer): OpenCertificate {
  const certificate = openDer(der);
  const { bytes, content } = certificate.take(TAG.sequence);
  const algorithm = certificate.take(TAG.sequence).bytes;
  const signature = readBits(certificate.take(TAG.bitString).content);
  certificate.end();
  return { tbs: new DerCursor(content), tbsDer: bytes, algorithm, signature };
}

function readVersion(cursor: DerCursor): number {
  const version = readSmall(cursor.take(TAG.integer).content);
  cursor.end();
  return version + 1;
}

/** Hex of the number; a negative one, which RFC 5280 forbids, stays in two's complement. */
function serialHex(serial: Buffer): string {
  return (serial[0] === 0 && serial.length > 1 ? serial.subarray(1) : serial).toString('hex');
}

/** The certificates of a PEM file, in order, or the one of a DER file. Throws `PkiError`, also where there is none. */
export function readCertificates(bytes: Buffer): { der: Buffer; facts: CertificateFacts }[] {
  // A DER certificate begins with its SEQUENCE; in text that would be the digit zero.
  if (bytes[0] === TAG.sequence && !bytes.includes('-----BEGIN '))
    return [{ der: bytes, facts: readCertificate(bytes) }];
  const found = splitPem(bytes)
    .filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE')
    .map(({ der }) => ({ der, facts: readCertificate(der) }));
  if (found.length === 0) throw malformed('no certificate');
  return found;
}

/** What its subject is called; undefined where it has no name of that kind. */
export function commonNameOf({ subject }: CertificateFacts): string | undefined {
  return subject.find(([attribute]) => attribute === 'CN')?.[1];
}

/** The key in a certificate. Throws `PkiError` where OpenSSL does not take it. */
export function publicKeyOf(der: Buffer): KeyObject {
  try {
    return new X509Certificate(der).publicKey;
  } catch (error) {
    throw new PkiError('unsupported', 'no usable public key in the certificate', { cause: error });
  }
}

/** The signature on a certificate is this key's, whatever names the two have. False for what is no certificate. */
export function isSignedBy(der: Buffer, issuerKey: KeyObject): boolean {
  try {
    const { tbsDer, algorithm, signature } = openCertificate(der);
    return isSignature(readAlgorithm(openDer(algorithm)).oid, tbsDer, issuerKey, signature);
  } catch {
    return false;
  }
}
