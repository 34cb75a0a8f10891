import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isSignedBy, publicKeyOf, readCertificate, readCertificates } from './certificate-read.ts';
import { encodePem, splitPem } from './pem.ts';
import { PkiError } from './pki-error.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/pki/${name}`, import.meta.url));
const one = (name: string): { der: Buffer; facts: ReturnType<typeof readCertificate> } => {
  const [first, ...rest] = readCertificates(fixture(name));
  if (!first || rest.length > 0) throw new Error(name);
  return first;
};

test('a certificate of OpenSSL with everything that rcssl never writes', () => {
  const { der, facts } = one('odd.crt');
  const peer = new X509Certificate(der);
  expect(facts).toMatchObject({
    fingerprint: peer.fingerprint256.replaceAll(':', '').toLowerCase(),
    serial: 'ff00000000000000000000000000000000000001',
    version: 3,
    keyKind: 'ecdsa-secp521r1',
    signatureAlgorithm: 'ecdsa-with-SHA512',
    subject: [
      ['C', 'DE'],
      ['O', 'Bücher & Söhne'],
      ['OU', 'one'],
      ['OU', 'two'],
      ['CN', 'odd.test'],
      ['2.5.4.5', '42'],
    ],
    notBefore: Date.parse(peer.validFrom),
    notAfter: Date.parse(peer.validTo),
    names: [
      { type: 'dns', value: 'odd.test' },
      { type: 'ip', value: '10.0.0.1' },
      { type: 'ip', value: 'fe80::1' },
      { type: 'uri', value: 'https://odd.test/x' },
      { type: 'email', value: 'me@odd.test' },
    ],
    sanCritical: false,
    basicConstraints: { ca: true, pathLength: undefined, critical: false },
    keyUsage: { uses: ['digitalSignature', 'nonRepudiation', 'keyAgreement', 'decipherOnly'], critical: false },
    extendedKeyUsage: ['serverAuth', 'OCSPSigning', '1.2.3.4'],
    nameConstraints: { dns: ['odd.test'], ip: ['10.0.0.0/8'], critical: false },
    unknownCritical: ['1.2.3.4.5'],
  });
  expect(facts.issuerDer).toBe(facts.subjectDer);
  expect(facts.subjectKeyId).toMatch(/^[0-9a-f]{40}$/);
  expect(facts.authorityKeyId).toBe(facts.subjectKeyId);
});

test.each([
  ['pss.crt', { keyKind: 'rsa-2048', signatureAlgorithm: 'rsassaPss', version: 3 }],
  ['v1.crt', { keyKind: 'rsa-1024', signatureAlgorithm: 'sha1WithRSAEncryption', version: 1, serial: '01', names: [] }],
  ['ed25519.der', { keyKind: 'ed25519', signatureAlgorithm: 'ED25519' }],
])('%s', (name, expected) => expect(one(name).facts).toMatchObject(expected));

test('a version 1 certificate has no extensions', () => {
  expect(one('v1.crt').facts).toMatchObject({
    basicConstraints: undefined,
    keyUsage: undefined,
    extendedKeyUsage: undefined,
  });
});

test('every certificate of a bundle, in order, and nothing else of it', () => {
  const bundle = Buffer.concat([fixture('v1.crt'), fixture('p256.pkcs8.key'), fixture('p12.crt')]);
  expect(readCertificates(bundle).map(({ facts }) => facts.subject)).toEqual([
    [['CN', 'v1.test']],
    [['CN', 'p12.test']],
  ]);
  expect(() => readCertificates(fixture('p256.pkcs8.key'))).toThrow('no certificate');
});

describe('isSignedBy', () => {
  test.each(['p12.crt', 'ed25519.der', 'v1.crt', 'odd.crt'])('%s signed itself', (name) => {
    const { der } = one(name);
    expect(isSignedBy(der, publicKeyOf(der))).toBe(true);
  });

  test('another key of the same kind, or of another kind, did not', () => {
    const { der } = one('v1.crt');
    expect(isSignedBy(der, publicKeyOf(one('pss.crt').der))).toBe(false);
    expect(isSignedBy(der, publicKeyOf(one('ed25519.der').der))).toBe(false);
  });

  test('a changed byte anywhere in what is signed or in the signature breaks it', () => {
    const { der } = one('p12.crt');
    const key = publicKeyOf(der);
    for (let at = 4; at < der.length; at++) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(isSignedBy(changed, key), `byte ${at}`).toBe(false);
    }
  });

  test('what is no certificate is signed by nobody', () => {
    expect(isSignedBy(Buffer.from('x'), publicKeyOf(one('p12.crt').der))).toBe(false);
  });
});

describe('refused', () => {
  const der = one('p12.crt').der;

  test('a byte more or less', () => {
    expect(() => readCertificate(Buffer.concat([der, Buffer.alloc(1)]))).toThrow(PkiError);
    expect(() => readCertificate(der.subarray(0, -1))).toThrow(PkiError);
  });

  test('another algorithm inside than outside', () => {
    const text = der.toString('hex');
    // ecdsa-with-SHA256 stands twice; the first is inside.
    expect(() => readCertificate(Buffer.from(text.replace('2a8648ce3d040302', '2a8648ce3d040303'), 'hex'))).toThrow(
      'two signature algorithms',
    );
  });

  test('an extension that stands twice', () => {
    const { der: odd } = one('odd.crt');
    // certificatePolicies renamed to keyUsage.
    const text = odd.toString('hex').replace('0603551d20', '0603551d0f');
    expect(() => readCertificate(Buffer.from(text, 'hex'))).toThrow('extension 2.5.29.15 stands twice');
  });
});

test('control characters of a stranger stay text', () => {
  const { der } = one('p12.crt');
  const text = der.toString('latin1').replaceAll('p12.test', 'p\u001b[2Jxxx');
  const [first] = readCertificates(Buffer.from(encodePem('CERTIFICATE', Buffer.from(text, 'latin1'))));
  expect(first?.facts.subject).toEqual([['CN', 'p\\1b[2Jxxx']]);
});

test('the PEM of a certificate is the one that OpenSSL writes', () => {
  expect(encodePem('CERTIFICATE', splitPem(fixture('p12.crt'))[0]?.der ?? Buffer.alloc(0))).toBe(
    fixture('p12.crt').toString(),
  );
});
