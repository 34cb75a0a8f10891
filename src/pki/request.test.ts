import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generateKey, readKey } from './keys.ts';
import { encodePem } from './pem.ts';
import { PkiError } from './pki-error.ts';
import { createRequest, readRequest } from './request.ts';
import type { AltName } from './names.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/pki/${name}`, import.meta.url));
const names: AltName[] = [
  { type: 'dns', value: 'chat.test' },
  { type: 'ip', value: '::1' },
];

test('OpenSSL’s request with a challenge password', () => {
  expect(readRequest(fixture('request.csr')).facts).toEqual({
    subject: [['CN', 'request.test']],
    names: [
      { type: 'dns', value: 'request.test' },
      { type: 'ip', value: '::1' },
    ],
    publicKey: readKey(fixture('p256.pkcs8.key')).facts.publicKey,
    keyKind: 'ecdsa-p256',
    signed: true,
  });
});

test.each(['rsa-2048', 'ecdsa-p256', 'ecdsa-p384', 'ed25519'] as const)(
  'a request of %s says what was asked for',
  async (kind) => {
    const key = await generateKey(kind);
    const der = await createRequest({ key, commonName: 'chat.test', subject: { country: 'DE' }, names });
    const facts = {
      subject: [
        ['C', 'DE'],
        ['CN', 'chat.test'],
      ],
      names,
      publicKey: key.publicKey,
      keyKind: kind,
      signed: true,
    };
    expect(readRequest(der)).toEqual({ der, facts });
    expect(readRequest(Buffer.from(encodePem('CERTIFICATE REQUEST', der))).facts).toEqual(facts);
  },
);

test('a request without names has its attributes, empty', async () => {
  const der = await createRequest({ key: await generateKey('ecdsa-p256'), commonName: 'x', subject: {}, names: [] });
  expect(readRequest(der).facts).toMatchObject({ names: [], signed: true });
});

test('a changed byte leaves it unreadable or unsigned', async () => {
  const der = await createRequest({
    key: await generateKey('ecdsa-p256'),
    commonName: 'chat.test',
    subject: {},
    names,
  });
  for (let at = 0; at < der.length; at++) {
    const changed = Buffer.from(der);
    changed[at] = (changed[at] ?? 0) ^ 1;
    let signed = false;
    try {
      signed = readRequest(changed).facts.signed;
    } catch (error) {
      expect(error).toBeInstanceOf(PkiError);
    }
    expect(signed, `byte ${at}`).toBe(false);
  }
});

test('what is none', () => {
  expect(() => readRequest(fixture('p12.crt'))).toThrow('no certificate request');
  expect(() => readRequest(fixture('ed25519.der'))).toThrow(PkiError);
});
