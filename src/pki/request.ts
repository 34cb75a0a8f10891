import { createPublicKey } from 'node:crypto';
import { loadAsn1 } from './asn1.ts';
import { contextTag, DerCursor, enter, openDer, TAG } from './der.ts';
import { readBits, readOid, readSmall } from './der-values.ts';
import { attributesOf, readName, writeName } from './distinguished-name.ts';
import { readExtensions, readSubjectAltNames } from './extensions-read.ts';
import { subjectAltName } from './extensions-write.ts';
import { EXTENSION_REQUEST_OID } from './oids.ts';
import { splitPem } from './pem.ts';
import { malformed } from './pki-error.ts';
import { readAlgorithm, readPublicKey } from './public-key.ts';
import { isSignature, signDer } from './signature.ts';
import type { RequestFacts } from './facts.ts';
import type { KeyPair } from './keys.ts';
import type { AltName } from './names.ts';
import type { Subject } from './subject.ts';

interface SigningRequest {
  readonly key: KeyPair;
  readonly commonName: string | undefined;
  readonly subject: Subject;
  readonly names: readonly AltName[];
}

/** A PKCS#10 request (RFC 2986) with its names in the extensionRequest attribute, as DER. Signs in the thread pool. */
export async function createRequest({ key, commonName, subject, names }: SigningRequest): Promise<Buffer> {
  const asn1 = await loadAsn1();
  const name = attributesOf(subject, commonName);
  const extensions = asn1.sequence(subjectAltName(asn1, names, name.length === 0));
  const attribute = asn1.sequence(asn1.oid(EXTENSION_REQUEST_OID), asn1.set(extensions));
  const info = asn1.sequence(
    asn1.integer(0),
    writeName(asn1, name),
    asn1.raw(key.spki),
    // The attributes are there, empty, also where nothing is asked for.
    names.length > 0 ? asn1.context(0, attribute) : asn1.context(0),
  );
  return signDer(asn1, key, asn1.encode(info));
}

/** A request from PEM or DER. Throws `PkiError`. */
export function readRequest(bytes: Buffer): { der: Buffer; facts: RequestFacts } {
  const der = bytes[0] === TAG.sequence && !bytes.includes('-----BEGIN ') ? bytes : requestOf(bytes);
  const request = openDer(der);
  const { bytes: signed, content } = request.take(TAG.sequence);
  const { oid } = readAlgorithm(enter(request));
  const signature = readBits(request.take(TAG.bitString).content);
  request.end();
  const info = new DerCursor(content);
  if (readSmall(info.take(TAG.integer).content) !== 0) throw malformed('unknown version of a request');
  const subject = readName(info.take(TAG.sequence).bytes);
  const spki = info.take(TAG.sequence).bytes;
  const { publicKey, keyKind } = readPublicKey(spki);
  const names = readRequestedNames(enter(info, contextTag(0)));
  info.end();
  return { der, facts: { subject, names, publicKey, keyKind, signed: isSelfSigned(oid, signed, spki, signature) } };
}

function requestOf(bytes: Buffer): Buffer {
  const block = splitPem(bytes).find(({ label }) => /^(NEW )?CERTIFICATE REQUEST$/.test(label));
  if (!block) throw malformed('no certificate request');
  return block.der;
}

function readRequestedNames(attributes: DerCursor): AltName[] {
  const names: AltName[] = [];
  while (attributes.peek() !== undefined) {
    const attribute = enter(attributes);
    const type = readOid(attribute.take(TAG.oid).content);
    const values = enter(attribute, TAG.set);
    if (type === EXTENSION_REQUEST_OID) names.push(...readSubjectAltNames(readExtensions(enter(values))));
  }
  return names;
}

function isSelfSigned(algorithm: string, content: Buffer, spki: Buffer, signature: Buffer): boolean {
  try {
    return isSignature(algorithm, content, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
  } catch {
    // A key that OpenSSL does not take signs nothing.
    return false;
  }
}
