import { expect, test } from 'vitest';
import { describe as words } from '../../diagnostics/diagnostic.ts';
import { DAY, SECOND } from '../../kernel/duration.ts';
import type { CertificateFacts } from '../../pki/facts.ts';
import { judge, roleOf } from './judge.ts';

const now = Date.UTC(2026, 10, 24);

/** What all nine clients accept. */
const leaf: CertificateFacts = {
  fingerprint: '00',
  serial: '01',
  subject: [['CN', 'chat.test']],
  issuer: [['CN', 'Root']],
  subjectDer: '30aa',
  issuerDer: '30bb',
  notBefore: now - DAY,
  notAfter: now - DAY + 365 * DAY - SECOND,
  names: [{ type: 'dns', value: 'chat.test' }],
  sanCritical: false,
  publicKey: '00',
  keyKind: 'rsa-2048',
  signatureAlgorithm: 'sha256WithRSAEncryption',
  version: 3,
  basicConstraints: { ca: false, pathLength: undefined, critical: true },
  keyUsage: { uses: ['digitalSignature', 'keyEncipherment'], critical: true },
  extendedKeyUsage: ['serverAuth'],
  subjectKeyId: 'aa',
  authorityKeyId: 'bb',
  nameConstraints: undefined,
  keyIdIsOurs: false,
  unknownCritical: [],
};

const root: CertificateFacts = {
  ...leaf,
  issuerDer: leaf.subjectDer,
  names: [],
  notAfter: now + 3650 * DAY,
  keyKind: 'rsa-4096',
  basicConstraints: { ca: true, pathLength: undefined, critical: true },
  keyUsage: { uses: ['keyCertSign', 'cRLSign'], critical: true },
  extendedKeyUsage: undefined,
  authorityKeyId: undefined,
};

const codes = (facts: CertificateFacts): string[] => judge(facts, now, {}).map(({ code }) => code);
const named = (value: string): Partial<CertificateFacts> => ({ names: [{ type: 'dns', value }] });

test('nothing is said of what every client takes', () => {
  expect(codes(leaf)).toEqual([]);
  expect(codes(root)).toEqual([]);
  expect(codes({ ...leaf, keyKind: 'ecdsa-p384', signatureAlgorithm: 'ecdsa-with-SHA384' })).toEqual([]);
});

test.each<[string, Partial<CertificateFacts>]>([
  ['inspect-expired', { notAfter: now - 1 }],
  ['inspect-not-yet-valid', { notBefore: now + 1 }],
  ['inspect-unknown-critical', { unknownCritical: ['1.2.3'] }],
  ['inspect-weak-key', { keyKind: 'rsa-1024' }],
  ['inspect-weak-signature', { signatureAlgorithm: 'sha1WithRSAEncryption' }],
  ['inspect-weak-signature', { signatureAlgorithm: 'ecdsa-with-SHA1' }],
  ['inspect-no-names', { names: [] }],
  ['inspect-validity-apple', { notAfter: leaf.notBefore + 825 * DAY }],
  ['inspect-no-extended-usage', { extendedKeyUsage: undefined }],
  ['inspect-any-extended-usage', { extendedKeyUsage: ['anyExtendedKeyUsage'] }],
  ['inspect-not-for-servers', { extendedKeyUsage: ['clientAuth'] }],
  ['inspect-encipherment-only', { keyUsage: { uses: ['keyEncipherment'], critical: true } }],
  ['inspect-leaf-signs', { keyUsage: { uses: ['digitalSignature', 'keyCertSign'], critical: true } }],
  ['inspect-leaf-is-ca', { basicConstraints: { ca: true, pathLength: undefined, critical: true } }],
  ['inspect-leaf-self-signed', { issuerDer: leaf.subjectDer }],
  ['inspect-no-authority-id', { authorityKeyId: undefined }],
  ['inspect-empty-subject', { subject: [] }],
  ['inspect-key-ed25519', { keyKind: 'ed25519' }],
  ['inspect-key-p521', { keyKind: 'ecdsa-secp521r1' }],
  ['inspect-name-is-address', named('127.0.0.1')],
  ['inspect-name-final-dot', named('chat.test.')],
  ['inspect-wildcard-too-wide', named('*.test')],
  ['inspect-wildcard-inside', named('a.*.test')],
  ['inspect-wildcard-inside', named('f*.chat.test')],
  ['inspect-name-underscore', named('my_host.test')],
])('of a leaf, %s alone for %j', (code, change) => {
  expect(codes({ ...leaf, ...change })).toEqual([code]);
});

test.each<[string, Partial<CertificateFacts>]>([
  ['inspect-expired', { notAfter: now - 1 }],
  ['inspect-ca-not-critical', { basicConstraints: { ca: true, pathLength: undefined, critical: false } }],
  ['inspect-ca-no-usage', { keyUsage: undefined }],
  ['inspect-ca-no-id', { subjectKeyId: undefined }],
  ['inspect-ca-cannot-sign', { keyUsage: { uses: ['cRLSign'], critical: true } }],
  ['inspect-ca-ed25519', { keyKind: 'ed25519' }],
])('of a root, %s alone for %j', (code, change) => {
  expect(codes({ ...root, ...change })).toEqual([code]);
});

test.each<Partial<CertificateFacts>>([
  named('*.chat.test'),
  named('xn--bcher-kva.test'),
  { notAfter: leaf.notBefore + 825 * DAY - SECOND },
  { subject: [], sanCritical: true },
  { extendedKeyUsage: ['serverAuth', 'clientAuth'] },
  { basicConstraints: undefined },
  { keyUsage: undefined },
  { subjectKeyId: undefined },
  { names: [{ type: 'ip', value: '127.0.0.1' }] },
])('nothing for %j', (change) => {
  expect(codes({ ...leaf, ...change })).toEqual([]);
});

test('a root is not blamed for its own signature, an intermediate is', () => {
  expect(codes({ ...root, signatureAlgorithm: 'sha1WithRSAEncryption' })).toEqual([]);
  expect(codes({ ...root, issuerDer: '30cc', signatureAlgorithm: 'sha1WithRSAEncryption' })).toEqual([
    'inspect-weak-signature',
  ]);
});

test('roles', () => {
  expect([leaf, root, { ...root, issuerDer: '30cc' }, { ...leaf, issuerDer: leaf.subjectDer }].map(roleOf)).toEqual([
    'leaf',
    'root',
    'intermediate',
    'leaf',
  ]);
});

test('a certificate of the guide is told who refuses it', () => {
  const [diagnostic] = judge({ ...leaf, names: [] }, now, { file: '/certs/a.crt' });
  expect(diagnostic?.place).toEqual({ file: '/certs/a.crt' });
  expect(diagnostic && words(diagnostic).text).toBe(
    'no subject alternative name, and a common name no longer counts: Go, Chromium, Firefox and Apple devices refuse it',
  );
});
