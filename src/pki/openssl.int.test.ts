import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DAY, HOUR } from '../kernel/duration.ts';
import { Secret } from '../kernel/secret.ts';
import { issueLeaf, issueRoot, type Issuer } from './certificate-write.ts';
import { readCertificate } from './certificate-read.ts';
import { DEVELOPMENT, widen } from './constraints.ts';
import { decodeKey, encodeKey, generateKey, type KeyPair } from './keys.ts';
import { KEY_KINDS, type KeyKind } from './key-kinds.ts';
import { parseName, type AltName } from './names.ts';
import { encodePem } from './pem.ts';
import { createRequest } from './request.ts';

/** What rcssl makes, as the real OpenSSL sees it. */

const run = promisify(execFile);
let folder: string;
const keys = new Map<KeyKind, KeyPair>();
const file = (name: string): string => join(folder, name);

async function openssl(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('openssl', args, { env: { ...process.env, PASSPHRASE: 'geheim' } });
  return stdout + stderr;
}

/** `openssl verify` under one root; the words of its refusal, or `ok`. */
async function verify(root: string, leaf: string, ...asked: string[]): Promise<string> {
  return openssl('verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', root, ...asked, leaf).then(
    () => 'ok',
    (error: { stderr: string }) => error.stderr,
  );
}

const hour = Math.floor(Date.now() / HOUR) * HOUR;
const times = { notBefore: hour - HOUR, notAfter: hour + 365 * DAY - 1000 };
const constraints = widen(DEVELOPMENT, { dns: ['mydomain.com'], ip: ['8.8.8.8/32'] });

const names = [
  'mydomain.com',
  '*.mydomain.com',
  'chat.local',
  'localhost',
  'xn--strae-oqa.test',
  '192.168.1.20',
  '127.0.0.1',
  '::1',
  'fd00::20',
  '8.8.8.8',
  'https://chat.local/x',
  'dev@mydomain.com',
].map((text): AltName => {
  const parsed = parseName(text);
  if (!('name' in parsed)) throw new Error(text);
  return parsed.name;
});

const keyOf = (kind: KeyKind): KeyPair => {
  const key = keys.get(kind);
  if (!key) throw new Error(kind);
  return key;
};

async function root(kind: KeyKind, name: string, constrained = constraints): Promise<Issuer> {
  const key = keyOf(kind);
  const certificate = await issueRoot({
    key,
    commonName: `Root ${kind}`,
    subject: {},
    ...times,
    constraints: constrained,
  });
  writeFileSync(file(name), encodePem('CERTIFICATE', certificate));
  return { certificate, key };
}

async function leaf(
  issuer: Issuer,
  kind: KeyKind,
  name: string,
  altNames: readonly AltName[] = names,
): Promise<Buffer> {
  const { spki } = keyOf(kind);
  const base = { commonName: altNames[0]?.value, subject: {}, usage: ['server' as const], keyKind: kind };
  const der = await issueLeaf({ ...base, names: altNames, spki, ...times, issuer });
  writeFileSync(file(name), encodePem('CERTIFICATE', der));
  return der;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rcssl-pki-'));
  for (const [kind, key] of await Promise.all(
    KEY_KINDS.map(async (kind) => [kind, await generateKey(kind)] as const),
  )) {
    keys.set(kind, key);
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KEY_KINDS)('a root of %s', (rootKind) => {
  let issuer: Issuer;
  beforeAll(async () => {
    issuer = await root(rootKind, `${rootKind}.crt`);
  });

  test('is one that the strict OpenSSL takes', async () => {
    expect(
      await openssl(
        'verify',
        '-x509_strict',
        '-check_ss_sig',
        '-CAfile',
        file(`${rootKind}.crt`),
        file(`${rootKind}.crt`),
      ),
    ).toContain('OK');
  });

  test.each(KEY_KINDS)('signs a leaf of %s', async (leafKind) => {
    const name = `${rootKind}-${leafKind}.crt`;
    await leaf(issuer, leafKind, name);
    expect(await verify(file(`${rootKind}.crt`), file(name), '-verify_hostname', 'a.mydomain.com')).toBe('ok');
  });
});

describe('every kind of name', () => {
  beforeAll(async () => {
    await leaf(await root('ecdsa-p256', 'root.crt'), 'rsa-2048', 'leaf.crt');
  });

  test.each([
    ['-verify_hostname', 'mydomain.com'],
    ['-verify_hostname', 'chat.mydomain.com'],
    ['-verify_hostname', 'chat.local'],
    ['-verify_hostname', 'localhost'],
    ['-verify_hostname', 'xn--strae-oqa.test'],
    ['-verify_ip', '192.168.1.20'],
    ['-verify_ip', '127.0.0.1'],
    ['-verify_ip', '::1'],
    ['-verify_ip', 'fd00::20'],
    ['-verify_ip', '8.8.8.8'],
    ['-verify_email', 'dev@mydomain.com'],
  ])('%s %s', async (option, asked) =>
    expect(await verify(file('root.crt'), file('leaf.crt'), option, asked)).toBe('ok'),
  );

  test.each([
    ['-verify_hostname', 'b.a.mydomain.com'],
    ['-verify_hostname', '127.0.0.1.mydomain.org'],
    ['-verify_ip', '192.168.1.21'],
  ])('but not %s %s', async (option, asked) =>
    expect(await verify(file('root.crt'), file('leaf.crt'), option, asked)).toContain('mismatch'),
  );

  test('OpenSSL reads the names as they were written', async () => {
    const text = await openssl('x509', '-in', file('leaf.crt'), '-noout', '-ext', 'subjectAltName');
    for (const part of [
      'DNS:*.mydomain.com',
      'IP Address:192.168.1.20',
      'IP Address:FD00:0:0:0:0:0:0:20',
      'URI:https://chat.local/x',
      'email:dev@mydomain.com',
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe('name constraints', () => {
  test.each(['bank.com', '9.9.9.9', '2001:db8::1', 'notmydomain.com'])('a leaf for %s is refused', async (text) => {
    const issuer = await root('ecdsa-p256', 'constrained.crt');
    const parsed = parseName(text);
    await leaf(issuer, 'ecdsa-p256', 'outside.crt', 'name' in parsed ? [parsed.name] : []);
    expect(await verify(file('constrained.crt'), file('outside.crt'))).toContain('permitted subtree violation');
  });

  test('and taken under a root without any', async () => {
    const issuer = await root('ecdsa-p256', 'free.crt', { dns: [], ip: [] });
    await leaf(issuer, 'ecdsa-p256', 'anything.crt', [{ type: 'dns', value: 'bank.com' }]);
    expect(await verify(file('free.crt'), file('anything.crt'), '-verify_hostname', 'bank.com')).toBe('ok');
  });
});

test('a root renewed with its key, wider, takes the leaves of the old one', async () => {
  const old = await root('ecdsa-p256', 'old.crt');
  await leaf(old, 'ecdsa-p256', 'kept.crt');
  const facts = readCertificate(old.certificate);
  const subjectDer = Buffer.from(facts.subjectDer, 'hex');
  const wider = widen(constraints, { dns: ['example.org'], ip: [] });
  const renewed = await issueRoot({
    key: old.key,
    commonName: 'Root ecdsa-p256',
    subject: {},
    subjectDer,
    ...times,
    constraints: wider,
  });
  writeFileSync(file('renewed.crt'), encodePem('CERTIFICATE', renewed));
  expect(readCertificate(renewed).serial).not.toBe(facts.serial);
  expect(await verify(file('renewed.crt'), file('kept.crt'), '-verify_hostname', 'chat.local')).toBe('ok');
  await leaf({ certificate: renewed, key: old.key }, 'ecdsa-p256', 'new.crt', [{ type: 'dns', value: 'chat.local' }]);
  expect(await verify(file('old.crt'), file('new.crt'), '-verify_hostname', 'chat.local')).toBe('ok');
});

test('an empty subject with a critical SAN', async () => {
  const issuer = await root('rsa-2048', 'empty-root.crt');
  const { spki } = keyOf('ecdsa-p256');
  const base = { commonName: undefined, subject: {}, usage: ['server' as const], keyKind: 'ecdsa-p256' as const };
  const der = await issueLeaf({ ...base, names: [{ type: 'dns', value: 'chat.local' }], spki, ...times, issuer });
  writeFileSync(file('empty.crt'), encodePem('CERTIFICATE', der));
  expect(await verify(file('empty-root.crt'), file('empty.crt'), '-verify_hostname', 'chat.local')).toBe('ok');
});

describe.each(KEY_KINDS)('%s', (kind) => {
  test('its request', async () => {
    const der = await createRequest({
      key: keyOf(kind),
      commonName: 'mydomain.com',
      subject: { country: 'BR' },
      names,
    });
    writeFileSync(file(`${kind}.csr`), encodePem('CERTIFICATE REQUEST', der));
    const text = await openssl('req', '-verify', '-text', '-in', file(`${kind}.csr`));
    expect(text).toContain('verify OK');
    expect(text).toContain('DNS:*.mydomain.com');
    expect(text).toMatch(/Subject: C ?= ?BR, ?CN ?= ?mydomain\.com/);
  });

  test('its key, plain and encrypted', async () => {
    const key = keyOf(kind);
    writeFileSync(file(`${kind}.key`), (await encodeKey(key)).reveal());
    writeFileSync(file(`${kind}.enc.key`), (await encodeKey(key, new Secret('geheim'))).reveal());
    const plain = await openssl('pkey', '-in', file(`${kind}.key`), '-pubout');
    expect(plain).toContain(encodePem('PUBLIC KEY', key.spki));
    expect(await openssl('pkey', '-in', file(`${kind}.enc.key`), '-passin', 'env:PASSPHRASE', '-pubout')).toBe(plain);
    await expect(openssl('pkey', '-in', file(`${kind}.enc.key`), '-passin', 'pass:falsch')).rejects.toThrow();
    const structure = await openssl('asn1parse', '-in', file(`${kind}.enc.key`));
    for (const part of ['PBES2', 'PBKDF2', ':0927C0', 'hmacWithSHA256', 'aes-256-cbc'])
      expect(structure).toContain(part);
  });

  test('a key that OpenSSL writes is written the same way by rcssl', async () => {
    writeFileSync(file(`${kind}.in.key`), (await encodeKey(keyOf(kind))).reveal());
    await openssl(
      'pkcs8',
      '-topk8',
      '-nocrypt',
      '-in',
      file(`${kind}.in.key`),
      '-outform',
      'DER',
      '-out',
      file(`${kind}.der`),
    );
    const der = readFileSync(file(`${kind}.der`));
    expect((await encodeKey(await decodeKey(der))).reveal().toString()).toBe(encodePem('PRIVATE KEY', der));
  });
});

test('asn1parse sees strict DER: no FALSE, no MINIMUM, times of the right kind', async () => {
  await leaf(await root('ecdsa-p384', 'der-root.crt'), 'ecdsa-p384', 'der.crt');
  for (const name of ['der-root.crt', 'der.crt']) {
    const text = await openssl('asn1parse', '-i', '-in', file(name));
    expect(text).not.toMatch(/BOOLEAN\s+:0/);
    expect(text.match(/UTCTIME/g)).toHaveLength(2);
    expect(text).toContain('ecdsa-with-SHA384');
  }
});
