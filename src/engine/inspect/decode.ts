import { diagnostic, fail, type Diagnostic, type Place } from '../../diagnostics/diagnostic.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { KeyFacts } from '../../pki/facts.ts';
import { readCertificates } from '../../pki/certificate-read.ts';
import { decodeKey, readKey } from '../../pki/keys.ts';
import { splitPem, type PemBlock } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { readPkcs12, type Pkcs12 } from '../../pki/pkcs12.ts';
import { readRequest } from '../../pki/request.ts';
import { roleOf } from './judge.ts';
import type { Container, Item } from './types.ts';

/** What a file holds, and the certificates' bytes beside it for those who check signatures. */
export interface Decoded {
  readonly container: Container;
  readonly items: readonly Item[];
  /** DER, in the order of the items. */
  readonly certificates: readonly Buffer[];
  /** Blocks that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Passphrases for what is encrypted. */
export interface Unlock {
  /** The one that was named; undefined if none was. */
  readonly given: Secret | undefined;
  /** Asks for one, where nothing can be said without it. */
  ask(): Promise<Secret>;
}

/**
 * Reads PEM (any number of blocks), DER or PKCS#12. An encrypted key is unlocked only with a passphrase that was given: its
 * kind of encryption is worth saying without. Throws `inspect-nothing-known`, `inspect-passphrase-wrong` and what `ask` throws.
 */
export async function decode(bytes: Buffer, unlock: Unlock, place: Place): Promise<Decoded> {
  if (bytes.includes('-----BEGIN ')) return decodePem(bytes, unlock, place);
  const part = await readDer(bytes, unlock.given, place);
  if (part) return { container: 'DER', diagnostics: [], ...part };
  return { container: 'PKCS#12', diagnostics: [], ...(await decodePkcs12(bytes, unlock, place)) };
}

/** DER says nowhere what it is: the first reader that takes it is right, since each checks the whole structure. */
async function readDer(bytes: Buffer, passphrase: Secret | undefined, place: Place): Promise<Part | undefined> {
  for (const read of [certificates, request, (der: Buffer) => key(der, passphrase)]) {
    try {
      return await read(bytes);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      if (error.code === 'passphrase-wrong') fail('inspect-passphrase-wrong', {}, place);
    }
  }
  return undefined;
}

type Part = Pick<Decoded, 'items' | 'certificates'>;

function certificates(bytes: Buffer): Part {
  const found = readCertificates(bytes);
  return {
    items: found.map(({ facts }) => ({ kind: 'certificate', role: roleOf(facts), facts })),
    certificates: found.map(({ der }) => der),
  };
}

function request(bytes: Buffer): Part {
  return { items: [{ kind: 'request', facts: readRequest(bytes).facts }], certificates: [] };
}

/** Unlocked where a passphrase was given; of a kind that rcssl does not make, the outside has to do. */
async function key(bytes: Buffer, passphrase: Secret | undefined): Promise<Part> {
  const { facts } = readKey(bytes);
  const inner = facts.encrypted && passphrase ? await unlocked(bytes, passphrase) : {};
  return { items: [{ kind: 'key', facts: { ...facts, ...inner } }], certificates: [] };
}

async function unlocked(bytes: Buffer, passphrase: Secret): Promise<Partial<KeyFacts>> {
  try {
    const { publicKey, kind } = await decodeKey(bytes, passphrase);
    return { publicKey, keyKind: kind };
  } catch (error) {
    if (error instanceof PkiError && error.code === 'unsupported') return {};
    throw error;
  }
}

async function decodePem(bytes: Buffer, unlock: Unlock, place: Place): Promise<Decoded> {
  const parts: Part[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const block of blocksOf(bytes, diagnostics, place)) {
    try {
      parts.push(await readBlock(block, unlock.given));
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      if (error.code === 'passphrase-wrong') fail('inspect-passphrase-wrong', {}, place);
      diagnostics.push(
        diagnostic('inspect-malformed', { label: block.label.toLowerCase(), why: error.message }, place),
      );
    }
  }
  return {
    container: 'PEM',
    items: parts.flatMap(({ items }) => items),
    certificates: parts.flatMap((part) => part.certificates),
    diagnostics,
  };
}

function blocksOf(bytes: Buffer, diagnostics: Diagnostic[], place: Place): PemBlock[] {
  try {
    return splitPem(bytes);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    diagnostics.push(diagnostic('inspect-malformed', { label: 'pem', why: error.message }, place));
    return [];
  }
}

async function readBlock({ label, text }: PemBlock, passphrase: Secret | undefined): Promise<Part> {
  const bytes = Buffer.from(text);
  // RFC 7468 sections 5.1, 7 and 10, and the traditional labels of OpenSSL.
  if (/^(X509 )?CERTIFICATE$/.test(label)) return certificates(bytes);
  if (/^(NEW )?CERTIFICATE REQUEST$/.test(label)) return request(bytes);
  if (/^((RSA|EC|ENCRYPTED) )?PRIVATE KEY$/.test(label)) return key(bytes, passphrase);
  return { items: [{ kind: 'other', label }], certificates: [] };
}

async function decodePkcs12(bytes: Buffer, unlock: Unlock, place: Place): Promise<Part> {
  try {
    return await openPkcs12(bytes, unlock);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    switch (error.code) {
      case 'passphrase-wrong':
        return fail('inspect-passphrase-wrong', {}, place);
      case 'unsupported':
        return fail('inspect-unsupported', { why: error.message }, place);
      default:
        return fail('inspect-nothing-known', {}, place);
    }
  }
}

/** Asks only where an empty passphrase, which protects nothing, does not open it. */
async function openPkcs12(bytes: Buffer, { given, ask }: Unlock): Promise<Part> {
  if (given) return fromPkcs12(await readPkcs12(bytes, given), true);
  try {
    return fromPkcs12(await readPkcs12(bytes, undefined), false);
  } catch (error) {
    if (!(error instanceof PkiError) || error.code !== 'passphrase-needed') throw error;
    return fromPkcs12(await readPkcs12(bytes, await ask()), true);
  }
}

function fromPkcs12({ certificates, keys, publicKeys }: Pkcs12, encrypted: boolean): Part {
  const keyItems = Array.from({ length: keys }, (_, i): Item => {
    const publicKey = publicKeys[i];
    const owner = certificates.find(({ facts }) => facts.publicKey === publicKey);
    return { kind: 'key', facts: { publicKey, keyKind: owner?.facts.keyKind, encoding: 'pkcs8', encrypted } };
  });
  return {
    items: [
      ...keyItems,
      ...certificates.map(({ facts }): Item => ({ kind: 'certificate', role: roleOf(facts), facts })),
    ],
    certificates: certificates.map(({ der }) => der),
  };
}
