import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hiddenKey, hiddenPassphrase, leaksIn } from './search.ts';

const PASSPHRASE = 'Zw9-"fü7"-\\Qk3+vN8/xT';
const pem = { format: 'pem', type: 'pkcs8' } as const;
const { privateKey: rsa, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const locked = rsa.export({ ...pem, cipher: 'aes-256-cbc', passphrase: PASSPHRASE });
const file = Buffer.from(rsa.export(pem));
const hidden = [
  ...hiddenKey('rsa', file, []),
  ...hiddenKey('ec', Buffer.from(ec.export(pem)), []),
  ...hiddenKey('locked', Buffer.from(locked), ['another', PASSPHRASE]),
  hiddenPassphrase(PASSPHRASE),
];
const found = (text: string | Buffer): string[] => {
  const padded = Buffer.concat([Buffer.from('before '), Buffer.from(text), Buffer.from(' after')]);
  return leaksIn([{ name: 'it', bytes: padded }], hidden);
};
const d = Buffer.from(ec.export({ format: 'jwk' }).d ?? '', 'base64url');

describe('finds', () => {
  it.each<[what: string, text: string | Buffer]>([
    ['a key file', file],
    ['one with the line ends of Windows', file.toString().replaceAll('\n', '\r\n')],
    ['one in JSON', JSON.stringify({ stdout: rsa.export(pem) })],
    ['one in what inspect() says', inspect({ file: file.toString() })],
    ['a file of SEC 1', ec.export({ format: 'pem', type: 'sec1' })],
    ['DER', rsa.export({ format: 'der', type: 'pkcs1' })],
    ['DER in hex', rsa.export({ format: 'der', type: 'pkcs8' }).toString('hex')],
    ['a part of it', file.subarray(900, 960)],
    ['a JWK', JSON.stringify(rsa.export({ format: 'jwk' }))],
    ['a Buffer in JSON', JSON.stringify(ec.export({ format: 'der', type: 'pkcs8' }))],
    ['what a locked key holds', locked],
    ['a scalar', d],
    ['a scalar as openssl writes it', d.toString('hex').replaceAll(/..(?=.)/g, '$&:')],
    ['a passphrase', PASSPHRASE],
    ['half of one', PASSPHRASE.slice(0, 14)],
    ['one in JSON', JSON.stringify({ PASSPHRASE })],
    ['one in an address', `https://x.test/?p=${encodeURIComponent(PASSPHRASE)}`],
    ['one in hex', Buffer.from(PASSPHRASE).toString('hex')],
    ['one in base64', Buffer.from(`:${PASSPHRASE}`).toString('base64')],
  ])('%s', (_, text) => {
    expect(found(text)).not.toEqual([]);
  });
});

it('takes nothing public for private', () => {
  expect(found(publicKey.export({ format: 'pem', type: 'spki' }))).toEqual([]);
  expect(found(JSON.stringify(publicKey.export({ format: 'jwk' })))).toEqual([]);
});
