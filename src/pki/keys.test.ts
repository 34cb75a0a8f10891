import { createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { decodeKey, encodeKey, generateKey, readKey, type KeyPair } from './keys.ts';
import { encodePem, splitPem } from './pem.ts';
import { PkiError } from './pki-error.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/pki/${name}`, import.meta.url));
const passphrase = new Secret('geheim');
const rsaKey = readKey(fixture('rsa.pkcs8.key')).facts.publicKey;

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error instanceof PkiError ? error.code : String(error)),
  );
}

describe('keys of other tools', () => {
  test.each([
    ['rsa.pkcs8.key', 'pkcs8', 'rsa-2048', true],
    ['rsa.pkcs8.der', 'pkcs8', 'rsa-2048', false],
    ['rsa.pkcs1.key', 'pkcs1', 'rsa-2048', false],
    ['rsa-1024.key', 'pkcs8', 'rsa-1024', true],
    ['p256.pkcs8.key', 'pkcs8', 'ecdsa-p256', true],
    ['p256.sec1.key', 'sec1', 'ecdsa-p256', false],
    ['ed25519.key', 'pkcs8', 'ed25519', true],
  ])('%s is %s, %s, canonical: %s', (name, encoding, keyKind, canonical) => {
    expect(readKey(fixture(name))).toMatchObject({ facts: { encoding, keyKind, encrypted: false }, canonical });
  });

  test('one key has one public half in every encoding, which is OpenSSL’s', () => {
    const names = ['rsa.pkcs8.der', 'rsa.pkcs1.key'];
    expect(names.map((name) => readKey(fixture(name)).facts.publicKey)).toEqual(names.map(() => rsaKey));
    const sec1 = readKey(fixture('p256.sec1.key')).facts.publicKey;
    expect(readKey(fixture('p256.pkcs8.key')).facts.publicKey).toBe(sec1);
  });

  test.each(['rsa.pkcs8.key', 'rsa.pkcs1.key', 'p256.sec1.key', 'ed25519.key', 'rsa.pkcs8.der'])(
    '%s is decoded',
    async (name) => {
      const key = await decodeKey(fixture(name));
      expect(key.publicKey).toBe(readKey(fixture(name)).facts.publicKey);
      expect(createPublicKey(key.privateKey).export({ format: 'der', type: 'spki' })).toEqual(key.spki);
    },
  );

  test.each([
    ['rsa.pbes2.key', 'pkcs8', true],
    ['rsa.pbe-3des.key', 'pkcs8', true],
    ['rsa.scrypt.key', 'pkcs8', true],
    ['rsa.des3.key', 'pkcs1', false],
  ])('%s is encrypted %s, canonical: %s', (name, encoding, canonical) => {
    const facts = { encoding, encrypted: true, publicKey: undefined, keyKind: undefined };
    expect(readKey(fixture(name))).toEqual({ facts, canonical });
  });

  test.each(['rsa.pbes2.key', 'rsa.pbe-3des.key', 'rsa.des3.key'])(
    '%s opens with its passphrase alone',
    async (name) => {
      expect((await decodeKey(fixture(name), passphrase)).publicKey).toBe(rsaKey);
      expect(await codeOf(decodeKey(fixture(name), new Secret('falsch')))).toBe('passphrase-wrong');
      expect(await codeOf(decodeKey(fixture(name)))).toBe('passphrase-needed');
    },
  );

  test('what rcssl cannot open or use says so', async () => {
    expect(await codeOf(decodeKey(fixture('rsa.scrypt.key'), passphrase))).toBe('unsupported');
    expect(await codeOf(decodeKey(fixture('rsa-1024.key')))).toBe('unsupported');
    expect(await codeOf(decodeKey(fixture('p521.key')))).toBe('unsupported');
    expect(await codeOf(decodeKey(fixture('p12.crt')))).toBe('malformed');
  });
});

describe('canonical is the bytes that encodeKey writes', () => {
  const text = fixture('p256.pkcs8.key').toString();
  test.each([
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['text before', `key\n${text}`],
    ['no final newline', text.trimEnd()],
    ['a second block', text + text],
    ['another width', text.replace(/([^-\n]{64})\n/, '$1')],
  ])('%s is not', (_, file) => expect(readKey(Buffer.from(file)).canonical).toBe(false));
});

describe('a key of which any one byte is changed', () => {
  test.each(['rsa.pkcs8.key', 'p256.pkcs8.key'])('%s is refused', (name) => {
    const der = splitPem(fixture(name))[0]?.der ?? Buffer.alloc(0);
    for (let at = 0; at < der.length; at++) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect(() => readKey(Buffer.from(encodePem('PRIVATE KEY', changed))), `byte ${at}`).toThrow(PkiError);
    }
  });

  test('Ed25519, which has no second half in the file, is another key', () => {
    const der = Buffer.from(splitPem(fixture('ed25519.key'))[0]?.der ?? '');
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    const { facts } = readKey(Buffer.from(encodePem('PRIVATE KEY', der)));
    expect(facts.publicKey).not.toBe(readKey(fixture('ed25519.key')).facts.publicKey);
  });
});

describe.each(['rsa-2048', 'ecdsa-p256', 'ecdsa-p384', 'ed25519'] as const)('a new %s', (kind) => {
  let key: KeyPair;
  beforeAll(async () => {
    key = await generateKey(kind);
  });

  test('is written canonically and comes back', async () => {
    const bytes = (await encodeKey(key)).reveal();
    const facts = { encoding: 'pkcs8', encrypted: false, keyKind: kind, publicKey: key.publicKey };
    expect(readKey(bytes)).toEqual({ facts, canonical: true });
    const back = await decodeKey(bytes);
    expect(back).toMatchObject({ kind, publicKey: key.publicKey });
    const digest = kind === 'ed25519' ? undefined : 'sha256';
    const spki = createPublicKey({ key: key.spki, format: 'der', type: 'spki' });
    expect(verify(digest, Buffer.from('x'), spki, sign(digest, Buffer.from('x'), back.privateKey))).toBe(true);
  });
});

describe('with a passphrase', () => {
  test('it is encrypted, differs each time, and opens with that passphrase alone', async () => {
    const key = await generateKey('ecdsa-p256');
    const [first, second] = [await encodeKey(key, passphrase), await encodeKey(key, passphrase)];
    expect(first.reveal().equals(second.reveal())).toBe(false);
    expect(readKey(first.reveal())).toMatchObject({
      facts: { encrypted: true, publicKey: undefined },
      canonical: true,
    });
    expect((await decodeKey(first.reveal(), passphrase)).publicKey).toBe(key.publicKey);
    expect(await codeOf(decodeKey(first.reveal(), new Secret('Geheim')))).toBe('passphrase-wrong');
    expect(await codeOf(decodeKey(first.reveal()))).toBe('passphrase-needed');
  });

  test('rounds that would take hours are refused at once', async () => {
    const der = splitPem(fixture('rsa.pbes2.key'))[0]?.der ?? Buffer.alloc(0);
    // OpenSSL's 2048 rounds, in two octets, and the salt before them made two octets shorter.
    const text = der.toString('hex').replace(/0408(.{12}).{4}02020800/, '0406$102047fffffff');
    expect(text).not.toBe(der.toString('hex'));
    const begin = performance.now();
    expect(
      await codeOf(decodeKey(Buffer.from(encodePem('ENCRYPTED PRIVATE KEY', Buffer.from(text, 'hex'))), passphrase)),
    ).toBe('unsupported');
    expect(performance.now() - begin).toBeLessThan(1000);
  });
});
