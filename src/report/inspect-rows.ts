import type { Item } from '../engine/inspect/types.ts';
import type { CertificateFacts, DistinguishedName, KeyFacts, RequestFacts } from '../pki/facts.ts';
import type { AltName } from '../pki/names.ts';
import { visible } from './words.ts';
import type { Instant } from '../kernel/instant.ts';

/** A label and what stands beside it, as items that may be broken between lines. */
export type Row = readonly [label: string, values: readonly string[]];

/** Written as a time and how far it is: `13 Apr 2027, in 141 days`. */
export type TimeText = (at: Instant) => string;

/** What an item says, in a person's words; rows without a value are left out. */
export function rowsOf(item: Item, time: TimeText): Row[] {
  switch (item.kind) {
    case 'certificate':
      return certificateRows(item.facts, time);
    case 'key':
      return keyRows(item.facts);
    case 'request':
      return requestRows(item.facts);
    case 'other':
      return [];
  }
}

const TITLES = { root: 'root certificate', intermediate: 'intermediate certificate', leaf: 'certificate' } as const;

/** What an item is. */
export function titleOf(item: Item): string {
  switch (item.kind) {
    case 'certificate':
      return TITLES[item.role];
    case 'key':
      return 'private key';
    case 'request':
      return 'certificate request';
    case 'other':
      return item.label.toLowerCase();
  }
}

function certificateRows(facts: CertificateFacts, time: TimeText): Row[] {
  const { keyUsage, basicConstraints, nameConstraints } = facts;
  const isSelfIssued = facts.subjectDer === facts.issuerDer;
  return present([
    ['names', facts.names.map(nameText)],
    ['subject', nameParts(facts.subject)],
    ['issuer', isSelfIssued ? ['itself'] : nameParts(facts.issuer)],
    ['from', [time(facts.notBefore)]],
    ['until', [time(facts.notAfter)]],
    ['key', [keyText(facts.keyKind)]],
    ['usage', [...(keyUsage?.uses ?? []), ...(facts.extendedKeyUsage ?? [])]],
    ['CA', basicConstraints?.ca ? [pathText(basicConstraints.pathLength)] : []],
    ['only for', [...(nameConstraints?.dns ?? []), ...(nameConstraints?.ip ?? [])]],
    ['signature', [facts.signatureAlgorithm]],
    ['serial', [facts.serial]],
    ['SHA-256', [colons(facts.fingerprint)]],
    ['key id', facts.subjectKeyId === undefined ? [] : [colons(facts.subjectKeyId)]],
    ['issuer key', isSelfIssued || facts.authorityKeyId === undefined ? [] : [colons(facts.authorityKeyId)]],
    ['critical', facts.unknownCritical.map((oid) => `${oid} (unknown)`)],
  ]);
}

function keyRows(facts: KeyFacts): Row[] {
  return present([
    ['key', facts.keyKind === undefined ? [] : [keyText(facts.keyKind)]],
    ['format', [{ pkcs8: 'PKCS#8', pkcs1: 'PKCS#1 (traditional)', sec1: 'SEC 1 (traditional)' }[facts.encoding]]],
    ['encrypted', [facts.encrypted ? 'yes, with a passphrase' : 'no']],
    ['public key', facts.publicKey === undefined ? [] : [colons(facts.publicKey)]],
  ]);
}

function requestRows(facts: RequestFacts): Row[] {
  return present([
    ['names', facts.names.map(nameText)],
    ['subject', nameParts(facts.subject)],
    ['key', [keyText(facts.keyKind)]],
    ['signature', [facts.signed ? 'its own, verifies' : 'does not verify']],
    ['public key', [colons(facts.publicKey)]],
  ]);
}

function present(rows: readonly Row[]): Row[] {
  return rows.filter(([, values]) => values.length > 0);
}

function nameText({ type, value }: AltName): string {
  return visible(type === 'dns' || type === 'ip' ? value : `${value} (${type === 'uri' ? 'URI' : 'e-mail'})`);
}

function nameParts(name: DistinguishedName): string[] {
  return name.map(([attribute, value]) => `${attribute}=${visible(value)}`);
}

/** `rsa-2048` is RSA-2048, `ecdsa-p256` P-256, `ed25519` Ed25519. */
function keyText(kind: string): string {
  return kind
    .replace(/^rsa/, 'RSA')
    .replace(/^ecdsa-p/, 'P-')
    .replace(/^ecdsa-/, '')
    .replace(/^ed/, 'Ed');
}

function pathText(pathLength: number | undefined): string {
  if (pathLength === undefined) return 'yes';
  return pathLength === 0 ? 'yes, for leaves alone' : `yes, with at most ${pathLength} CAs under it`;
}

function colons(hex: string): string {
  return hex.toUpperCase().replace(/..(?=.)/g, '$&:');
}
