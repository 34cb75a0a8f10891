import { loadAsn1, type Asn1Writer } from './asn1.ts';
import { readCertificate } from './certificate-read.ts';
import { contextTag, DerCursor, enter, openDer, TAG, type DerValue } from './der.ts';
import { readOid, readSmall } from './der-values.ts';
import { BAG_OIDS, namer, PKCS7_OIDS, X509_CERTIFICATE_OID } from './oids.ts';
import { decryptPkcs12, isMac, passphraseOf, type Passphrase } from './pkcs12-passphrase.ts';
import { malformed, PkiError } from './pki-error.ts';
import { readAlgorithm } from './public-key.ts';
import { readPrivateKey } from './private-key.ts';
import type { CertificateFacts } from './facts.ts';
import type { Secret } from '../kernel/secret.ts';

export interface Pkcs12 {
  readonly certificates: readonly { readonly der: Buffer; readonly facts: CertificateFacts }[];
  /** How many private keys it holds. */
  readonly keys: number;
  /** Of the keys of a kind that rcssl makes: SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly publicKeys: readonly string[];
}

const bagName = namer(BAG_OIDS);

/**
 * Reads a PKCS#12 file (RFC 7292), checking its MAC. Throws `PkiError`: `passphrase-needed` where an empty one does not
 * do and none is given, `passphrase-wrong`, `malformed`, `unsupported`.
 */
export async function readPkcs12(bytes: Buffer, passphrase: Secret | undefined): Promise<Pkcs12> {
  try {
    return await readPfx(await loadAsn1(), bytes, passphraseOf(passphrase?.reveal() ?? Buffer.alloc(0)));
  } catch (error) {
    const locked = error instanceof PkiError && error.code === 'passphrase-wrong' && passphrase === undefined;
    throw locked ? new PkiError('passphrase-needed', 'the PKCS#12 file is encrypted') : error;
  }
}

async function readPfx(asn1: Asn1Writer, bytes: Buffer, passphrase: Passphrase): Promise<Pkcs12> {
  // Windows and NSS write BER, which the strict reader does not take; so at each of the three levels.
  const pfx = openDer(asn1.fromBer(bytes));
  if (readSmall(pfx.take(TAG.integer).content) !== 3) throw malformed('not a PKCS#12 file');
  const safe = readContentInfo(enter(pfx));
  if (safe.type !== PKCS7_OIDS.data) throw new PkiError('unsupported', 'PKCS#12 signed by a key');
  const content = octets(safe.value);
  if (pfx.peek() !== undefined && !isMac(enter(pfx), content, passphrase)) {
    throw new PkiError('passphrase-wrong', 'the passphrase does not open the PKCS#12 file');
  }
  const found: Pkcs12[] = [];
  const contents = openDer(asn1.fromBer(content));
  while (contents.peek() !== undefined) {
    const bags = await openSafe(readContentInfo(enter(contents)), passphrase);
    found.push(await readBags(openDer(asn1.fromBer(bags)), passphrase));
  }
  return {
    certificates: found.flatMap(({ certificates }) => certificates),
    keys: found.reduce((sum, { keys }) => sum + keys, 0),
    publicKeys: found.flatMap(({ publicKeys }) => publicKeys),
  };
}

interface ContentInfo {
  readonly type: string;
  readonly value: DerValue;
}

function readContentInfo(info: DerCursor): ContentInfo {
  const type = readOid(info.take(TAG.oid).content);
  return { type, value: enter(info, contextTag(0)).take() };
}

/** The bytes of an OCTET STRING, which BER may write in pieces. */
function octets({ tag, content }: DerValue): Buffer {
  if (!(tag & 0x20)) return content;
  return Buffer.concat(new DerCursor(content).rest(TAG.octetString).map((piece) => piece.content));
}

async function openSafe({ type, value }: ContentInfo, passphrase: Passphrase): Promise<Buffer> {
  if (type === PKCS7_OIDS.data) return octets(value);
  if (type !== PKCS7_OIDS.encryptedData) throw new PkiError('unsupported', `PKCS#12 with contents of type ${type}`);
  const encrypted = openDer(value.bytes);
  encrypted.take(TAG.integer);
  const info = enter(encrypted);
  info.take(TAG.oid);
  const algorithm = readAlgorithm(enter(info));
  return decryptPkcs12(algorithm, octets(info.take()), passphrase);
}

async function readBags(bags: DerCursor, passphrase: Passphrase): Promise<Pkcs12> {
  const certificates: { der: Buffer; facts: CertificateFacts }[] = [];
  const publicKeys: string[] = [];
  let keys = 0;
  while (bags.peek() !== undefined) {
    const bag = enter(bags);
    const kind = bagName(readOid(bag.take(TAG.oid).content));
    const value = enter(bag, contextTag(0)).take();
    if (kind === 'certificate') {
      const der = certificateIn(openDer(value.bytes));
      if (der) certificates.push({ der, facts: readCertificate(der) });
    } else if (kind === 'key' || kind === 'shroudedKey') {
      keys++;
      const publicKey = publicKeyOf(kind === 'key' ? value.bytes : await unshroud(openDer(value.bytes), passphrase));
      if (publicKey !== undefined) publicKeys.push(publicKey);
    }
  }
  return { certificates, keys, publicKeys };
}

function certificateIn(bag: DerCursor): Buffer | undefined {
  if (readOid(bag.take(TAG.oid).content) !== X509_CERTIFICATE_OID) return undefined;
  return octets(enter(bag, contextTag(0)).take());
}

function unshroud(info: DerCursor, passphrase: Passphrase): Promise<Buffer> {
  const algorithm = readAlgorithm(enter(info));
  return decryptPkcs12(algorithm, info.take(TAG.octetString).content, passphrase);
}

/** Undefined for a kind of key that is only counted. */
function publicKeyOf(pkcs8: Buffer): string | undefined {
  try {
    return readPrivateKey(pkcs8, 'pkcs8').publicKey;
  } catch (error) {
    if (error instanceof PkiError && error.code === 'unsupported') return undefined;
    throw error;
  }
}
