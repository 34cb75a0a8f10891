import { createHash, createHmac, createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { Secret } from '../kernel/secret.ts';
import { loadAsn1, type Asn1 } from './asn1.ts';
import { contextTag, enter, openDer, TAG, type DerCursor } from './der.ts';
import { readOid, readSmall } from './der-values.ts';
import { BAG_OIDS, DIGEST_OIDS, LOCAL_KEY_ID_OID, PKCS7_OIDS, X509_CERTIFICATE_OID } from './oids.ts';
import { deriveMacKey, isMac, passphraseOf } from './pkcs12-passphrase.ts';
import { malformed } from './pki-error.ts';

/*
 * The PKCS#12 file (RFC 7292) that Windows takes a pair from. Its passphrase is empty: what guards it is its mode, as with a
 * PEM key; the format wants the key encrypted all the same. AES and SHA-256 are read since Windows Server 2019 and Java 8u301.
 */

const NO_PASSPHRASE = passphraseOf(Buffer.alloc(0));
/** As OpenSSL has it. More would guard nothing. */
const ROUNDS = 2048;

/** The chain, leaf first, and the key of the leaf. */
export async function writePfx(chain: readonly Buffer[], key: KeyObject): Promise<Secret> {
  const asn1 = await loadAsn1();
  const [leaf = Buffer.alloc(0)] = chain;
  const id = asn1.octets(createHash('sha1').update(leaf).digest());
  const attributes = asn1.set(asn1.sequence(asn1.oid(LOCAL_KEY_ID_OID), asn1.set(id)));
  const bag = (kind: string, value: Asn1, more?: Asn1): Asn1 =>
    asn1.sequence(asn1.oid(kind), asn1.context(0, value), more);
  const certificates = chain.map((der, n) =>
    bag(
      BAG_OIDS.certificate,
      asn1.sequence(asn1.oid(X509_CERTIFICATE_OID), asn1.context(0, asn1.octets(der))),
      n === 0 ? attributes : undefined,
    ),
  );
  const encrypted = key.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: '' });
  const data = (content: Buffer): Asn1 =>
    asn1.sequence(asn1.oid(PKCS7_OIDS.data), asn1.context(0, asn1.octets(content)));
  const safe = asn1.encode(
    asn1.sequence(
      data(asn1.encode(asn1.sequence(...certificates))),
      data(asn1.encode(asn1.sequence(bag(BAG_OIDS.shroudedKey, asn1.raw(encrypted), attributes)))),
    ),
  );
  const salt = randomBytes(16);
  const mac = createHmac('sha256', deriveMacKey('sha256', NO_PASSPHRASE, salt, ROUNDS, 32))
    .update(safe)
    .digest();
  const digest = asn1.sequence(asn1.sequence(asn1.oid(DIGEST_OIDS.sha256), asn1.null()), asn1.octets(mac));
  const macData = asn1.sequence(digest, asn1.octets(salt), asn1.integer(ROUNDS));
  return new Secret(asn1.encode(asn1.sequence(asn1.integer(3), data(safe), macData)));
}

/** What `writePfx` wrote; of anything else it says that it is malformed. Throws `PkiError`. */
export function readPfx(bytes: Buffer): { readonly chain: readonly Buffer[]; readonly pkcs8: Buffer } {
  const pfx = openDer(bytes);
  if (readSmall(pfx.take(TAG.integer).content) !== 3) throw malformed('not a PKCS#12 file');
  const safe = dataOf(enter(pfx));
  if (!isMac(enter(pfx), safe, NO_PASSPHRASE)) throw malformed('a PKCS#12 file that was changed, or has a passphrase');
  pfx.end();
  const contents = openDer(safe);
  const certificates = openDer(dataOf(enter(contents)));
  const keys = openDer(dataOf(enter(contents)));
  contents.end();
  const chain: Buffer[] = [];
  while (certificates.peek() !== undefined) {
    const certificate = enter(bagOf(enter(certificates), BAG_OIDS.certificate));
    if (readOid(certificate.take(TAG.oid).content) !== X509_CERTIFICATE_OID) throw malformed('no X.509 certificate');
    chain.push(enter(certificate, contextTag(0)).take(TAG.octetString).content);
  }
  const encrypted = bagOf(enter(keys), BAG_OIDS.shroudedKey).take(TAG.sequence).bytes;
  keys.end();
  try {
    const key = createPrivateKey({ key: encrypted, format: 'der', type: 'pkcs8', passphrase: '' });
    return { chain, pkcs8: key.export({ format: 'der', type: 'pkcs8' }) };
  } catch {
    throw malformed('a PKCS#12 file whose key does not open');
  }
}

function dataOf(info: DerCursor): Buffer {
  if (readOid(info.take(TAG.oid).content) !== PKCS7_OIDS.data) throw malformed('PKCS#12 with encrypted contents');
  return enter(info, contextTag(0)).take(TAG.octetString).content;
}

function bagOf(bag: DerCursor, kind: string): DerCursor {
  if (readOid(bag.take(TAG.oid).content) !== kind) throw malformed('PKCS#12 with something else in it');
  return enter(bag, contextTag(0));
}
