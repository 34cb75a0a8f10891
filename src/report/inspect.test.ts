import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import type { InspectResult, Item, Match } from '../engine/inspect/types.ts';
import { DAY, SECOND } from '../kernel/duration.ts';
import { inspectJson, inspectText } from './inspect.ts';

const now = Date.UTC(2026, 10, 23, 12);
const cwd = resolve('/project');

const certificate: Item = {
  kind: 'certificate',
  role: 'leaf',
  facts: {
    fingerprint: '81'.repeat(32),
    serial: '3fa19c',
    subject: [['CN', 'chat.test']],
    issuer: [
      ['CN', 'Development Root'],
      ['OU', 'rcssl 3fa19c00'],
    ],
    subjectDer: '30aa',
    issuerDer: '30bb',
    notBefore: now - DAY,
    notAfter: now + 141 * DAY + SECOND,
    names: [
      { type: 'dns', value: 'chat.test' },
      { type: 'ip', value: '::1' },
      { type: 'uri', value: 'https://chat.test/id' },
    ],
    sanCritical: false,
    publicKey: '00'.repeat(32),
    keyKind: 'ecdsa-p256',
    signatureAlgorithm: 'sha256WithRSAEncryption',
    version: 3,
    basicConstraints: { ca: false, pathLength: undefined, critical: true },
    keyUsage: { uses: ['digitalSignature'], critical: true },
    extendedKeyUsage: ['serverAuth'],
    subjectKeyId: 'aa'.repeat(20),
    authorityKeyId: 'bb'.repeat(20),
    keyIdIsOurs: true,
    nameConstraints: undefined,
    unknownCritical: [],
  },
};

const result = (change: Partial<InspectResult>): InspectResult => ({
  asked: 'certs/chat.test.crt',
  now,
  cwd,
  config: join(cwd, 'rcssl.config.ts'),
  source: { kind: 'file', path: join(cwd, 'certs/chat.test.crt'), container: 'PEM' },
  items: [certificate],
  matches: [],
  diagnostics: [],
  ...change,
});

const text = (change: Partial<InspectResult>, width = 80, unicode = true): string =>
  inspectText(result(change), { width, unicode });
const declared: Match = {
  code: 'declared',
  owner: 'host:chat.test',
  artifact: 'certificate',
  path: join(cwd, 'certs/chat.test.crt'),
  action: 'keep',
  reasons: [],
};

test('a certificate of the project, at 80 columns', () => {
  expect(text({ matches: [{ code: 'root', name: 'Development Root', signed: true }, declared] }))
    .toBe(`certs/chat.test.crt: PEM

certificate
  names       chat.test, ::1, https://chat.test/id (URI)
  subject     CN=chat.test
  issuer      CN=Development Root, OU=rcssl 3fa19c00
  from        22 Nov 2026 12:00 UTC, 24 hours ago
  until       13 Apr 2027, in 141 days
  key         P-256
  usage       digitalSignature, serverAuth
  signature   sha256WithRSAEncryption
  serial      3fa19c
  SHA-256     81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:81:
              81:81:81:81:81:81:81:81:81:81
  key id      AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA
  issuer key  BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB:BB

  ✔ signed by Development Root, this project's root
  ✔ this certificate of chat.test is as rcssl.config.ts wants it
`);
});

test.each([24, 40, 80, 200])('no line is wider than %i columns', (width) => {
  const matches: Match[] = [
    { code: 'verifies', under: 'project-root', fault: 'UNABLE_TO_VERIFY' },
    { code: 'on-disk', owner: 'host:chat.test', path: join(cwd, 'a.crt'), same: false },
  ];
  const lines = text({ matches }, width).split('\n');
  expect(lines.filter((line) => line.length > Math.max(width, 26))).toEqual([]);
});

test('ASCII signs where the locale has no others', () => {
  const matches: Match[] = [
    { code: 'pair', ok: false },
    { code: 'pair', ok: true },
    { code: 'order', ok: false },
  ];
  expect(text({ matches }, 80, false)).toContain(`
  !! key and certificate do not belong together
  ok key and certificate belong together
  -- the certificates are not a chain: not every one is signed by the next
`);
});

test('a server that shows another certificate', () => {
  const source = {
    kind: 'server',
    endpoint: 'chat.test:443',
    host: 'chat.test',
    port: 443,
    address: '192.168.1.20',
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
  } as const;
  const matches: Match[] = [
    { code: 'name', name: 'chat.test', covered: true },
    { code: 'verifies', under: 'project-root', fault: 'CERT_HAS_EXPIRED' },
    { code: 'on-disk', owner: 'host:chat.test', path: join(cwd, 'certs/chat.test.crt'), same: false },
  ];
  const shown = text({ source, matches });
  expect(shown).toMatch(/^chat\.test:443: TLSv1\.3, TLS_AES_256_GCM_SHA384, at 192\.168\.1\.20\n/);
  expect(
    shown.endsWith(`
  ✔ it is for chat.test
  ✘ it does not verify under this project's root: CERT_HAS_EXPIRED
  ✘ another certificate than certs/chat.test.crt, which chat.test has
`),
  ).toBe(true);
});

test('control and direction characters of a stranger do not reach the terminal', () => {
  const subject = [['CN', 'a\u001b[31m\u202eb']] as const;
  const shown = text({ items: [{ ...certificate, facts: { ...certificate.facts, subject } }] });
  expect(shown).toContain(String.raw`CN=a\u{1b}[31m\u{202e}b`);
  expect(shown).not.toMatch(/[\u001b\u202e]/);
});

describe('the JSON', () => {
  const schema = fromJSONSchema(JSON.parse(readFileSync('schema/output.schema.json', 'utf8')));
  const items: Item[] = [
    certificate,
    { kind: 'key', facts: { publicKey: undefined, keyKind: undefined, encoding: 'pkcs8', encrypted: true } },
    {
      kind: 'request',
      facts: { subject: [], names: [], publicKey: '00'.repeat(32), keyKind: 'rsa-2048', signed: true },
    },
    { kind: 'other', label: 'PUBLIC KEY' },
  ];
  const json = (change: Partial<InspectResult>): unknown => JSON.parse(JSON.stringify(inspectJson(result(change))));

  test('fits its schema', () => {
    const value = json({ items, matches: [declared, { code: 'verifies', under: 'public-roots', fault: undefined }] });
    expect(schema.parse(value)).toEqual(value);
    expect(value).toMatchObject({ config: 'rcssl.config.ts', source: { path: 'certs/chat.test.crt' } });
  });

  test('has instants as RFC 3339 and no DER', () => {
    const value = json({});
    expect(value).toMatchObject({
      items: [{ facts: { notBefore: '2026-11-22T12:00:00Z', notAfter: '2027-04-13T12:00:01Z' } }],
    });
    expect(JSON.stringify(value)).not.toMatch(/Der"/);
  });
});
