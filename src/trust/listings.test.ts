import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCertificates } from '../pki/certificate-read.ts';
import { aliasOf } from './keystore.ts';
import { rowsOf } from './nss.ts';
import { hashesIn } from './stores/macos.ts';

const pem = readFileSync('fixtures/trust/root.crt', 'utf8');
const [certificate] = readCertificates(Buffer.from(pem));
if (!certificate) throw new Error('the fixture is no certificate');

test('certutil -L: nicknames with spaces, commas and whatever flags', () => {
  const listing = `
Certificate Nickname                                         Trust Attributes
                                                             SSL,S/MIME,JAR/XPI

Scratch Root - Org, Ltd                                      C,,
rcssl-62e90dd74dff                                           CT,C,c
cached intermediate                                          ,,
`;
  expect(rowsOf(listing)).toEqual([
    { nickname: 'Scratch Root - Org, Ltd', flags: 'C,,' },
    { nickname: 'rcssl-62e90dd74dff', flags: 'CT,C,c' },
    { nickname: 'cached intermediate', flags: ',,' },
  ]);
  expect(rowsOf('')).toEqual([]);
});

test('keytool -list -rfc: the alias of the very certificate, not of one that is called the same', () => {
  const other = pem.replace('MIIC', 'MIID');
  const entry = (alias: string, text: string) =>
    `Alias name: ${alias}\nCreation date: Nov 25, 2026\nEntry type: trustedCertEntry\n\n${text}\n\n*****\n\n`;
  const listing = `Keystore type: JKS\n\n${entry('test root', other)}Alias name: key\nEntry type: PrivateKeyEntry\n\n${entry('debian:a b.pem', pem)}`;
  expect(aliasOf(listing, certificate)).toBe('debian:a b.pem');
  expect(aliasOf('Your keystore contains 0 entries\n', certificate)).toBeUndefined();
});

test('security find-certificate -Z: the hashes of all', () => {
  const hash = 'AB'.repeat(32);
  expect(hashesIn(`SHA-256 hash: ${hash}\nSHA-1 hash: AA\nkeychain: "x"\nSHA-256 hash: ${hash}\n`)).toEqual([
    hash.toLowerCase(),
    hash.toLowerCase(),
  ]);
});
