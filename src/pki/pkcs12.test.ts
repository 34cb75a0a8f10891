import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { readKey } from './keys.ts';
import { readPkcs12 } from './pkcs12.ts';
import { PkiError } from './pki-error.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/pki/${name}`, import.meta.url));
const publicKey = readKey(fixture('p256.pkcs8.key')).facts.publicKey;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error instanceof PkiError ? error.code : String(error)),
  );
}

describe.each([
  ['openssl.p12', ['p12.test', 'v1.test']],
  ['openssl-legacy.p12', ['p12.test']],
  ['nss.p12', ['p12.test']],
])('%s', (name, subjects) => {
  test('opens with its passphrase', async () => {
    const { certificates, keys, publicKeys } = await readPkcs12(fixture(name), new Secret('geheim'));
    expect(certificates.map(({ facts }) => facts.subject[0]?.[1])).toEqual(subjects);
    expect(certificates[0]?.facts.publicKey).toBe(publicKey);
    expect({ keys, publicKeys }).toEqual({ keys: 1, publicKeys: [publicKey] });
  });

  test('and with no other', async () => {
    expect(await codeOf(readPkcs12(fixture(name), new Secret('falsch')))).toBe('passphrase-wrong');
    expect(await codeOf(readPkcs12(fixture(name), undefined))).toBe('passphrase-needed');
  });
});

test('Java’s', async () => {
  const { certificates, publicKeys } = await readPkcs12(fixture('java.p12'), new Secret('geheim'));
  expect(certificates.map(({ facts }) => facts.publicKey)).toEqual(publicKeys);
});

test('an empty passphrase is asked of nobody', async () => {
  expect((await readPkcs12(fixture('openssl-empty.p12'), undefined)).publicKeys).toEqual([publicKey]);
});

test('what is none', async () => {
  expect(await codeOf(readPkcs12(fixture('p12.crt'), undefined))).toBe('malformed');
  expect(await codeOf(readPkcs12(fixture('ed25519.der'), undefined))).toBe('malformed');
  expect(await codeOf(readPkcs12(Buffer.alloc(0), undefined))).toBe('malformed');
});

test('a changed byte in what the MAC is over is noticed', async () => {
  const changed = Buffer.from(fixture('openssl.p12'));
  changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
  expect(await codeOf(readPkcs12(changed, new Secret('geheim')))).toBe('passphrase-wrong');
});
