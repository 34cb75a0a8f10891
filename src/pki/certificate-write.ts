import { randomBytes } from 'node:crypto';
import { loadAsn1, type Asn1, type Asn1Writer } from './asn1.ts';
import { readCertificate } from './certificate-read.ts';
import { attributesOf, writeName } from './distinguished-name.ts';
import { rootExtensions, leafExtensions } from './extensions-write.ts';
import { keyIdentifier } from './public-key.ts';
import { signatureAlgorithm, signDer } from './signature.ts';
import type { Subtrees } from './constraints.ts';
import type { KeyKind } from './key-kinds.ts';
import type { KeyPair } from './keys.ts';
import type { AltName } from './names.ts';
import type { Subject, Usage } from './subject.ts';
import type { Instant } from '../kernel/instant.ts';

/** Who signs: the certificate as DER, and its key. */
export interface Issuer {
  readonly certificate: Buffer;
  readonly key: KeyPair;
}

interface RootRequest {
  readonly key: KeyPair;
  readonly commonName: string;
  readonly subject: Subject;
  /** A renewal keeps the name exactly as the old certificate encodes it. */
  readonly subjectDer?: Buffer;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** A renewal keeps the identifier, by which leaves name their issuer; a new root's is made from its key. */
  readonly keyId?: Buffer;
  /** Empty lists constrain nothing. */
  readonly constraints: Subtrees | undefined;
}

/** A self-signed root, as DER. Signs in the thread pool. */
export async function issueRoot(request: RootRequest): Promise<Buffer> {
  const asn1 = await loadAsn1();
  const { key, subjectDer } = request;
  const keyId = request.keyId ?? keyIdentifier(key.spki);
  const subject = subjectDer ? asn1.raw(subjectDer) : writeName(asn1, rootName(request, keyId));
  return signCertificate(asn1, key, {
    issuer: subject,
    subject,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    spki: key.spki,
    extensions: rootExtensions(asn1, keyId, request.constraints),
  });
}

/** Without a unit of the user's own, the key names one: roots of one name can be told apart in stores and chains. */
function rootName({ subject, commonName }: RootRequest, keyId: Buffer): ReturnType<typeof attributesOf> {
  const organizationalUnit = subject.organizationalUnit ?? `rcssl ${keyId.toString('hex', 0, 4)}`;
  return attributesOf({ ...subject, organizationalUnit }, commonName);
}

export interface LeafRequest {
  /** Undefined where no name is short enough; with an empty subject too, the SAN is critical. */
  readonly commonName: string | undefined;
  readonly subject: Subject;
  readonly names: readonly AltName[];
  readonly usage: readonly Usage[];
  /** The host's public key, DER. */
  readonly spki: Buffer;
  readonly keyKind: KeyKind;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly issuer: Issuer;
}

/** A host's certificate, as DER. Signs in the thread pool. */
export async function issueLeaf(request: LeafRequest): Promise<Buffer> {
  const asn1 = await loadAsn1();
  const issuer = issuerNames(request.issuer);
  const name = attributesOf(request.subject, request.commonName);
  return signCertificate(asn1, request.issuer.key, {
    issuer: asn1.raw(issuer.subject),
    subject: writeName(asn1, name),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    spki: request.spki,
    extensions: leafExtensions(asn1, {
      names: request.names,
      sanCritical: name.length === 0,
      usage: request.usage,
      rsa: request.keyKind.startsWith('rsa'),
      keyId: keyIdentifier(request.spki),
      issuerKeyId: issuer.keyId,
    }),
  });
}

interface IssuerNames {
  readonly subject: Buffer;
  readonly keyId: Buffer;
}

// Read once for a run that issues hundreds.
const known = new WeakMap<Buffer, IssuerNames>();

function issuerNames({ certificate, key }: Issuer): IssuerNames {
  const before = known.get(certificate);
  if (before) return before;
  const { subjectDer, subjectKeyId } = readCertificate(certificate);
  const keyId = subjectKeyId === undefined ? keyIdentifier(key.spki) : Buffer.from(subjectKeyId, 'hex');
  const names = { subject: Buffer.from(subjectDer, 'hex'), keyId };
  known.set(certificate, names);
  return names;
}

interface Content {
  readonly issuer: Asn1;
  readonly subject: Asn1;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  readonly spki: Buffer;
  readonly extensions: Asn1;
}

/** RFC 5280 section 4.1. */
async function signCertificate(asn1: Asn1Writer, key: KeyPair, content: Content): Promise<Buffer> {
  const tbs = asn1.encode(
    asn1.sequence(
      asn1.context(0, asn1.integer(2)),
      asn1.integer(randomSerial()),
      signatureAlgorithm(asn1, key.kind),
      content.issuer,
      asn1.sequence(asn1.time(content.notBefore), asn1.time(content.notAfter)),
      content.subject,
      asn1.raw(content.spki),
      asn1.context(3, content.extensions),
    ),
  );
  return signDer(asn1, key, tbs);
}

/** 128 random bits with the first clear, so that it is positive in 16 octets; RFC 5280 section 4.1.2.2 forbids zero. */
function randomSerial(): Buffer {
  for (;;) {
    const serial = randomBytes(16);
    serial[0] = (serial[0] ?? 0) & 0x7f;
    if (serial.some((byte) => byte !== 0)) return serial;
  }
}
