import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { readPfx } from './pfx.ts';
import { PkiError } from './pki-error.ts';

requireProgram('openssl', 'keytool');

it('the PFX of a host that IIS serves is opened by OpenSSL and by Java, with an empty passphrase', async () => {
  const project = scratchProject({
    ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
    defaults: { key: 'ecdsa-p256' },
    hosts: [
      { name: 'app.test', altNames: ['*.app.test'] },
      { name: 'rsa.test', key: 'rsa-2048' },
    ],
    proxies: [{ server: 'iis' }],
  });
  await project.apply();
  for (const host of ['app.test', 'rsa.test']) {
    const file = project.path(`certs/${host}.pfx`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const opened = execFileSync('openssl', ['pkcs12', '-in', file, '-passin', 'pass:', '-nodes'], {
      encoding: 'utf8',
    });
    const pem = (label: string): string =>
      new RegExp(`-----BEGIN ${label}-----[^]*?-----END ${label}-----\n`).exec(opened)?.[0] ?? '';
    expect(pem('CERTIFICATE')).toBe(project.read(`certs/${host}.crt`));
    expect(pem('PRIVATE KEY')).toBe(project.read(`certs/${host}.key`));
    const listed = execFileSync('keytool', ['-list', '-storetype', 'PKCS12', '-keystore', file, '-storepass', ''], {
      encoding: 'utf8',
    });
    expect(listed).toContain('PrivateKeyEntry');
  }
});

it('a file of somebody else with a passphrase is none of ours', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rcssl-pfx-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', at('k'), '-out', at('c'), '-subj', '/CN=x'],
    { stdio: 'ignore' },
  );
  execFileSync('openssl', [
    'pkcs12',
    '-export',
    '-inkey',
    at('k'),
    '-in',
    at('c'),
    '-passout',
    'pass:secret',
    '-out',
    at('p'),
  ]);
  writeFileSync(at('empty'), '');
  expect(() => readPfx(readFileSync(at('p')))).toThrow(PkiError);
  expect(() => readPfx(readFileSync(at('empty')))).toThrow(PkiError);
});
