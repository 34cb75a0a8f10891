import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * node scripts/archive-project.ts
 *
 * Projects that this version made, with their modes, as fixtures/projects/VERSION.tar: every later version must find
 * nothing to do in them (src/testing/released.int.test.ts). Part of a release, and never made again.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const archive = join(root, 'fixtures/projects', `${version}.tar`);
const KILL = join(root, 'scripts/kill-at.mjs');

const P256 = 'ecdsa-p256';
const PROJECTS = {
  own: {
    ca: {
      name: 'Own Root',
      passphrase: { env: 'ROOT_PASS' },
      subject: { organization: 'Team', country: 'BR' },
      output: { key: { path: 'ca/root.key', mode: '0600' }, cert: 'ca/root.crt' },
    },
    defaults: { validity: '90d' },
    hosts: [
      { name: 'mydomain.com', altNames: ['*.mydomain.com', 'bücher.test', '192.168.1.20', '::1', 'https://a.test/'] },
      { name: 'p256.test', key: P256, layout: 'atomic', usage: ['server', 'client'] },
      { name: 'p384.test', key: 'ecdsa-p384', output: { key: { path: 'db/server.key', mode: '0640' }, csr: false } },
      { name: 'ed25519.test', key: 'ed25519', accept: ['ed25519-browsers'], output: { fullchain: false } },
    ],
    outDir: { path: 'tls', mode: '0750' },
  },
  shared: { ca: { name: 'Shared Root', key: P256, output: { cert: 'root.crt' } }, hosts: ['localhost', 'chat.local'] },
  interrupted: {
    ca: { name: 'Interrupted Root', key: P256, output: { key: 'ca/root.key' } },
    defaults: { key: P256, reuseKey: false },
    hosts: [...Array.from({ length: 9 }, (_, index) => `h${index}.test`), { name: 'h9.test', layout: 'atomic' }],
  },
};

function rcssl(base: string, project: string, args: readonly string[], env: Record<string, string> = {}): void {
  const words = [...(env['RCSSL_KILL'] ? ['--import', KILL] : []), join(root, 'dist/bin.js'), ...args];
  const { status, signal } = spawnSync(process.execPath, words, {
    cwd: join(base, project),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, HOME: base, XDG_DATA_HOME: join(base, 'data'), ROOT_PASS: 'geheim', ...env },
  });
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(`rcssl ${args.join(' ')} ended with ${status}`);
}

/** Kills an apply until it leaves a journal that is ready and of which something is still to be done. */
function interrupt(base: string): void {
  const state = join(base, 'interrupted/.rcssl');
  for (;;) {
    rcssl(base, 'interrupted', ['apply', '--force', 'ca:Interrupted Root', '--replace-root'], {
      RCSSL_KILL: 'renames 0',
    });
    const journal = join(state, 'journal.json');
    if (existsSync(journal) && readFileSync(journal, 'utf8').includes('"ready": true')) break;
  }
  // It names the machine.
  rmSync(join(state, 'lock'), { force: true });
}

if (existsSync(archive)) throw new Error(`${archive} is there: what a version made does not change`);
const base = mkdtempSync(join(tmpdir(), 'rcssl-archive-'));
try {
  for (const [name, config] of Object.entries(PROJECTS)) {
    mkdirSync(join(base, name));
    writeFileSync(join(base, name, 'rcssl.config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
    rcssl(base, name, ['apply']);
  }
  interrupt(base);
  writeFileSync(join(base, 'moment'), `${new Date().toISOString()}\n`);
  mkdirSync(dirname(archive), { recursive: true });
  execFileSync('tar', [
    '-cf',
    archive,
    '--owner=0',
    '--group=0',
    '-C',
    base,
    'moment',
    'data',
    ...Object.keys(PROJECTS),
  ]);
} finally {
  rmSync(base, { recursive: true });
}
