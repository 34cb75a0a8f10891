import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RcsslError } from '../../diagnostics/diagnostic.ts';
import { Secret } from '../../kernel/secret.ts';
import { requireProgram } from '../../testing/programs.ts';
import { decode, type Decoded, type Unlock } from './decode.ts';

requireProgram('openssl');

let folder: string;
const openssl = (...args: string[]): void => {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
};
const bytes = (...names: string[]): Buffer => Buffer.concat(names.map((name) => readFileSync(join(folder, name))));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rcssl-decode-'));
  openssl('genrsa', '-traditional', '-out', 'rsa.key', '2048');
  openssl('ecparam', '-name', 'prime256v1', '-genkey', '-out', 'ec.key');
  openssl('pkcs8', '-topk8', '-in', 'rsa.key', '-out', 'locked.key', '-passout', 'pass:open sesame');
  openssl('pkcs8', '-topk8', '-nocrypt', '-outform', 'DER', '-in', 'ec.key', '-out', 'ec.key.der');
  openssl(
    'req',
    '-new',
    '-key',
    'rsa.key',
    '-subj',
    '/CN=a.test',
    '-addext',
    'subjectAltName=DNS:a.test',
    '-out',
    'a.csr',
  );
  openssl('req', '-in', 'a.csr', '-outform', 'DER', '-out', 'a.csr.der');
  openssl('req', '-x509', '-key', 'rsa.key', '-subj', '/CN=a.test', '-days', '30', '-out', 'a.crt');
  openssl('x509', '-in', 'a.crt', '-outform', 'DER', '-out', 'a.crt.der');
  for (const [name, pass] of [
    ['a.p12', 'open sesame'],
    ['empty.p12', ''],
  ] as const) {
    openssl('pkcs12', '-export', '-inkey', 'rsa.key', '-in', 'a.crt', '-out', name, '-passout', `pass:${pass}`);
  }
  openssl('pkey', '-in', 'ec.key', '-pubout', '-out', 'ec.pub');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const locked: Unlock = { given: undefined, ask: () => Promise.reject(new Error('asked')) };
const withPassphrase = (text: string): Unlock => ({ ...locked, given: new Secret(text) });
const kinds = ({ container, items }: Decoded): string[] => [container, ...items.map(({ kind }) => kind)];

test.each([
  ['rsa.key', ['PEM', 'key']],
  ['ec.key', ['PEM', 'other', 'key']],
  ['locked.key', ['PEM', 'key']],
  ['ec.key.der', ['DER', 'key']],
  ['a.csr', ['PEM', 'request']],
  ['a.csr.der', ['DER', 'request']],
  ['a.crt', ['PEM', 'certificate']],
  ['a.crt.der', ['DER', 'certificate']],
  ['empty.p12', ['PKCS#12', 'key', 'certificate']],
  ['ec.pub', ['PEM', 'other']],
])('%s is %j', async (name, expected) => {
  const decoded = await decode(bytes(name), locked, {});
  expect(kinds(decoded)).toEqual(expected);
  expect(decoded.diagnostics).toEqual([]);
});

test('a bundle of everything, in its order, with CRLF and text between', async () => {
  const text = ['rsa.key', 'a.crt', 'ec.key', 'a.csr'].map((name) => `# ${name}\n${bytes(name).toString()}`).join('\n');
  const decoded = await decode(Buffer.from(text.replaceAll('\n', '\r\n')), locked, {});
  expect(kinds(decoded)).toEqual(['PEM', 'key', 'certificate', 'other', 'key', 'request']);
  expect(decoded.certificates).toEqual([bytes('a.crt.der')]);
});

describe('what is encrypted', () => {
  test('a key says so without its passphrase, and which one it is with it', async () => {
    const [closed] = (await decode(bytes('locked.key'), locked, {})).items;
    const [opened] = (await decode(bytes('locked.key'), withPassphrase('open sesame'), {})).items;
    const [plain] = (await decode(bytes('rsa.key'), locked, {})).items;
    expect(closed).toMatchObject({ facts: { encrypted: true, publicKey: undefined, keyKind: undefined } });
    expect(opened).toMatchObject({ facts: { encrypted: true, keyKind: 'rsa-2048' } });
    expect(plain).toMatchObject({ facts: { encrypted: false, encoding: 'pkcs1' } });
    expect(opened?.kind === 'key' && opened.facts.publicKey).toBe(plain?.kind === 'key' && plain.facts.publicKey);
  });

  test('a PKCS#12 asks, but not where a passphrase was given', async () => {
    let asked = 0;
    const unlock: Unlock = { given: undefined, ask: async () => (asked++, new Secret('open sesame')) };
    expect(kinds(await decode(bytes('a.p12'), unlock, {}))).toEqual(['PKCS#12', 'key', 'certificate']);
    expect(asked).toBe(1);
    const { items } = await decode(bytes('a.p12'), withPassphrase('open sesame'), {});
    expect(items[0]).toMatchObject({ kind: 'key', facts: { keyKind: 'rsa-2048', encrypted: true } });
  });

  test.each(['a.p12', 'locked.key'])('a wrong passphrase of %s is said to be wrong', async (name) => {
    expect(await codeOf(decode(bytes(name), withPassphrase('wrong'), {}))).toBe('inspect-passphrase-wrong');
  });
});

test('one broken block does not hide the others', async () => {
  const broken = '-----BEGIN CERTIFICATE-----\nMAAA\n-----END CERTIFICATE-----\n';
  const decoded = await decode(Buffer.concat([Buffer.from(broken), bytes('a.csr')]), locked, { file: '/x' });
  expect(kinds(decoded)).toEqual(['PEM', 'request']);
  expect(decoded.diagnostics).toMatchObject([
    { code: 'inspect-malformed', args: { label: 'certificate' }, place: { file: '/x' } },
  ]);
});

test.each([Buffer.alloc(0), Buffer.from('hello\n'), Buffer.from('3003020105', 'hex'), Buffer.alloc(1000, 0x30)])(
  'nothing known is in %j',
  async (data) => {
    expect(await codeOf(decode(data, locked, {}))).toBe('inspect-nothing-known');
  },
);

async function codeOf(promise: Promise<unknown>): Promise<string | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error instanceof RcsslError ? error.diagnostics[0]?.code : String(error)),
  );
}
