import type { KeyObject } from 'node:crypto';
import type { ArtifactKind } from '../desired/types.ts';
import { ReadFault, type Files } from '../kernel/ports.ts';
import { isSignedBy, readCertificates } from '../pki/certificate-read.ts';
import { isSealed } from '../formats/seal.ts';
import { PkiError, readKey } from '../pki/keys.ts';
import { encodePem, splitPem } from '../pki/pem.ts';
import { readPfx } from '../pki/pfx.ts';
import { readRequest } from '../pki/request.ts';
import type { Content, FileState } from './types.ts';
import { sha256 } from '../pki/public-key.ts';

/** Ten thousand certificates are less; a sparse gigabyte is refused before it is read. */
const LIMIT = 4 * 1024 * 1024;

/** A key that may have signed what is found. */
export interface RootKey {
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly publicKey: string;
  readonly key: KeyObject;
}

/**
 * Reads what is at a path as the artifact that should be there. `rootKeys` is what signatures are checked with, the
 * likeliest first. Equal bytes are judged once: a full chain without intermediates is its certificate again.
 */
export function fileReader(
  files: Files,
  rootKeys: () => readonly RootKey[],
): (path: string, as: ArtifactKind) => FileState {
  const known = new Map<string, Content>();
  return (path, as) => {
    try {
      const entry = files.entry(path);
      if (!entry) return { state: 'missing' };
      if (entry.kind !== 'file') return { state: 'not-a-file', what: entry.kind === 'other' ? 'device' : entry.kind };
      const bytes = files.read(path, LIMIT);
      if (!bytes) return { state: 'missing' };
      const hash = sha256(bytes);
      const kind = ['key', 'csr', 'combined', 'pfx', 'proxy'].includes(as) ? (as as Kind) : 'certificates';
      const content = known.get(`${kind} ${hash}`) ?? readContent(bytes, kind, rootKeys());
      known.set(`${kind} ${hash}`, content);
      return { state: 'file', mode: entry.mode, gid: entry.gid, identity: entry.identity, hash, content };
    } catch (error) {
      if (error instanceof ReadFault) return { state: 'unreadable', why: error.code };
      throw error;
    }
  };
}

type Kind = 'key' | 'csr' | 'combined' | 'pfx' | 'proxy' | 'certificates';

function readContent(bytes: Buffer, as: Kind, rootKeys: readonly RootKey[]): Content {
  try {
    if (as === 'proxy') {
      const text = bytes.toString('utf8');
      return { type: 'text', text, sealed: isSealed(text) };
    }
    if (as === 'combined') return readCombined(bytes, rootKeys);
    if (as === 'pfx') return readPkcs12(bytes, rootKeys);
    if (as === 'key') return { type: 'key', ...readKey(bytes) };
    if (as === 'csr') {
      const { der, facts } = readRequest(bytes);
      return { type: 'request', facts, canonical: bytes.equals(Buffer.from(encodePem('CERTIFICATE REQUEST', der))) };
    }
    const certificates = readCertificates(bytes);
    const [first, ...rest] = certificates;
    if (!first) return { type: 'malformed', why: 'holds no certificate' };
    const pem = certificates.map(({ der }) => encodePem('CERTIFICATE', der)).join('');
    return {
      type: 'certificates',
      certificates: [first.facts, ...rest.map(({ facts }) => facts)],
      canonical: bytes.equals(Buffer.from(pem)),
      signer: signerOf(first.der, rootKeys),
    };
  } catch (error) {
    if (error instanceof PkiError) return { type: 'malformed', why: error.message };
    throw error;
  }
}

function readCombined(bytes: Buffer, rootKeys: readonly RootKey[]): Content {
  const keys = splitPem(bytes).filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [block] = keys;
  if (!block || keys.length > 1) return { type: 'malformed', why: block ? 'holds several keys' : 'holds no key' };
  const pem = encodePem(block.label, block.der);
  const key = readKey(Buffer.from(pem));
  const chain = readContent(bytes, 'certificates', rootKeys);
  if (chain.type !== 'certificates') return chain;
  const certificates = readCertificates(bytes).map(({ der }) => encodePem('CERTIFICATE', der));
  const canonical = key.canonical && bytes.equals(Buffer.from([...certificates, pem].join('')));
  return { ...chain, type: 'combined', key: key.facts, canonical };
}

/** As the same chain and key in PEM would be. */
function readPkcs12(bytes: Buffer, rootKeys: readonly RootKey[]): Content {
  const { chain, pkcs8 } = readPfx(bytes);
  const pems = [...chain.map((der) => encodePem('CERTIFICATE', der)), encodePem('PRIVATE KEY', pkcs8)];
  return readCombined(Buffer.from(pems.join('')), rootKeys);
}

function signerOf(der: Buffer, rootKeys: readonly RootKey[]): string {
  if (rootKeys.length === 0) return 'unknown';
  return rootKeys.find(({ key }) => isSignedBy(der, key))?.publicKey ?? 'none';
}
