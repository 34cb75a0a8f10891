import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLocks } from '../apply/lock.ts';
import { loadConfig } from '../config/load.ts';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { compareProject } from '../engine/plan.ts';
import { detectProject } from '../engine/init/detect.ts';
import { existingConfig } from '../engine/init/existing.ts';
import { ignoreAddition, missingPatterns } from '../engine/init/gitignore.ts';
import { decode } from '../engine/inspect/decode.ts';
import { encodeOwed, readOwed } from '../hooks/owed.ts';
import { resolveGroups } from '../inventory/groups.ts';
import { encodeJournal, readJournal } from '../inventory/journal.ts';
import { readManifest } from '../inventory/manifest.ts';
import type { Artifact } from '../desired/types.ts';
import { ReadFault, type Files } from '../kernel/ports.ts';
import { Secret } from '../kernel/secret.ts';
import { readCertificate, readCertificates } from '../pki/certificate-read.ts';
import { decodeKey, readKey } from '../pki/keys.ts';
import { PkiError } from '../pki/pki-error.ts';
import { splitPem } from '../pki/pem.ts';
import { readPkcs12 } from '../pki/pkcs12.ts';
import { readRequest } from '../pki/request.ts';
import { createWorld } from '../platform/world.ts';
import { mutated } from './mutations.ts';
import { scratchProject } from './project.ts';

/*
 * Ten thousand changed files, and whatever they hold: a reader answers, or says in its own words what is wrong, soon.
 */

/** Milliseconds that one case may take … */
const PATIENCE = 2000;
/** … and where keys are derived, as often as the file says, up to a limit. */
const DERIVING = 10_000;
const CASES = 10_000;

const folder = mkdtempSync(join(tmpdir(), 'rcssl-readers-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixtures = new URL('../../fixtures/', import.meta.url);
const pki = readdirSync(new URL('pki/', fixtures))
  .filter((name) => !name.endsWith('.sh'))
  .map((name) => ({ name, bytes: readFileSync(new URL(`pki/${name}`, fixtures)) }));
const named = (pattern: RegExp): Buffer[] => pki.filter(({ name }) => pattern.test(name)).map(({ bytes }) => bytes);
const der = (files: Buffer[]): Buffer[] =>
  files.map((bytes) => (bytes.includes('-----BEGIN ') ? (splitPem(bytes).at(-1)?.der ?? bytes) : bytes));
const both = (files: Buffer[]): Buffer[] => [...files, ...der(files)];
const config = (name: string): Buffer => readFileSync(new URL(`configs/good/${name}`, fixtures));
const text = (value: unknown): Buffer =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 1));

/** A disk on which every file holds the same. */
const diskOf = (bytes: Buffer): Files => ({
  entry: () => ({ kind: 'file', identity: '1:1', size: bytes.length, mode: 0o600, uid: 0, gid: 0, changed: 0 }),
  read: () => bytes,
  list: () => [],
  readLink: () => undefined,
  realPath: (path) => path,
});

/** Nobody waits: whoever holds it is asked of once. */
function lock(bytes: Buffer): Promise<void> {
  writeFileSync(join(folder, 'lock'), bytes);
  const signal = AbortSignal.abort(new RcsslError([]));
  return withLocks(createWorld({ env: {} }), [folder], { signal }, async () => {});
}

function load(name: string, bytes: Buffer): Promise<unknown> {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return loadConfig({ cwd: folder, file, env: {} });
}

const ENTRY = { config: 'rcssl.config.ts', owner: 'host:a.test', artifact: 'key', hash: 'ab', publicKey: 'cd' };
const MANIFEST = { formatVersion: 1, files: { 'certs/a.key': ENTRY, '/etc/b.crt': { ...ENTRY, artifact: 'csr' } } };
const FILE = { path: '/x/certs/a.key', hash: 'ab'.repeat(32) };
const JOURNAL = encodeJournal(
  {
    id: '0123456789ab',
    at: 0,
    ready: true,
    folders: ['/x/certs'],
    units: [{ clear: [FILE.path], files: [FILE] }],
    removes: [{ ...FILE, path: '/y/b.key' }],
  },
  { folder: '/x/.rcssl', base: '/x' },
);
const CHANGE = { kind: 'create', artifact: 'key', owner: 'host:a.test', path: '/x/certs/a.key' } as const;
const OWED = { key: 'host:a.test#0', config: 'rcssl.config.ts', changes: [CHANGE] };
const LOCK = { pid: 1, host: createWorld({ env: {} }).process.host, token: 'ab', start: '1' };
const PACKAGE = { name: 'x', dependencies: { vite: '1' }, rcssl: { hosts: ['a.test'] } };
const COMPOSE = 'services:\n  web:\n    image: nginx:1\n    ports: ["80:80"]\n  chat:\n    image: rocket.chat\n';
const YAMLS = [config('yaml/rcssl.config.yaml'), config('rc/.rcsslrc'), text('a: &a [1]\nhosts: *a\n')];
const JSONS = [config('json/rcssl.config.json'), config('rc-as-json/.rcsslrc')];
const passphrase = new Secret('geheim');
const unlock = { given: passphrase, ask: async () => passphrase };
const GROUP = [{ group: 'staff', folder: {} }] as unknown as Artifact[];

/** How many cases it gets, the real files to begin with, the call, and how long one may take. */
type Reader = readonly [cases: number, files: Buffer[], read: (bytes: Buffer) => unknown, patience?: number];

/** Every reader of a file. */
const READERS: Readonly<Record<string, Reader>> = {
  'a certificate': [1000, der(named(/\.crt$|^ed25519\.der$/)), readCertificate],
  'a chain': [1000, [...named(/\.crt$/), Buffer.concat(named(/\.crt$/))], readCertificates],
  'a key': [1200, both(named(/key|pkcs8/)), readKey],
  'a request': [900, both(named(/csr|odd\.crt/)), readRequest],
  'whatever inspect is given': [900, both(named(/^(?!.*(p12|pbe|scrypt))/)), (bytes) => decode(bytes, unlock, {})],
  'a manifest': [700, [text(MANIFEST)], (bytes) => readManifest(diskOf(bytes), '/x/.rcssl', '/x')],
  'a journal': [400, [JOURNAL], (bytes) => readJournal(diskOf(bytes), { folder: '/x/.rcssl', base: '/x' })],
  'hooks that are owed': [300, [encodeOwed([OWED])], (bytes) => readOwed(diskOf(bytes), '/x/.rcssl')],
  'a lock': [400, [text(LOCK), text({ ...LOCK, host: 'another' })], lock],
  'a configuration in JSON': [700, JSONS, (bytes) => load('rcssl.config.json', bytes)],
  'one in YAML': [700, [...YAMLS, ...JSONS], (bytes) => load('rcssl.config.yaml', bytes)],
  'one without an ending': [400, [...YAMLS, ...JSONS], (bytes) => load('.rcsslrc', bytes)],
  'one in package.json': [400, [text(PACKAGE)], (bytes) => load('package.json', bytes)],
  'what init looks at': [
    300,
    [text(PACKAGE), text(COMPOSE)],
    (bytes) => [detectProject(diskOf(bytes), '/x'), existingConfig(diskOf(bytes), '/x')],
  ],
  'a .gitignore': [
    200,
    [text('# mine\n/certs/*.key\n!keep\n*.log')],
    (bytes) => ignoreAddition(bytes.toString(), missingPatterns(bytes.toString(), ['/certs/*.key', '/.rcssl/'])),
  ],
  'the groups': [100, [text('root:x:0:\nstaff:x:50:me\n')], (bytes) => resolveGroups(GROUP, diskOf(bytes))],
  'an encrypted key': [120, named(/pbe|scrypt|des3/), (bytes) => decodeKey(bytes, passphrase), DERIVING],
  'a PKCS#12': [80, named(/p12$/), (bytes) => readPkcs12(bytes, passphrase), DERIVING],
};
const PLANS = CASES - Object.values(READERS).reduce((sum, [cases]) => sum + cases, 0);

/** `ReadFault` is what the system says of a file; the engine gives it words. */
const OURS = [RcsslError, PkiError, ReadFault];

async function survives(read: () => unknown, patience = PATIENCE): Promise<void> {
  const began = performance.now();
  try {
    await read();
  } catch (error) {
    if (!OURS.some((known) => error instanceof known)) throw error;
  }
  expect(performance.now() - began).toBeLessThan(patience);
}

/** Without shrinking, which would keep thousands of large files in memory: seed and path give the case again. */
const endOnFailure = true;

describe(`${CASES} changed files`, () => {
  let began = 0;
  beforeAll(() => void (began = performance.now()));
  afterAll(() => {
    process.stdout.write(`${CASES} changed files in ${Math.round((performance.now() - began) / 1000)} s\n`);
  });

  it.each(Object.entries(READERS))('%s', async (_, [numRuns, files, read, patience]) => {
    await fc.assert(
      fc.asyncProperty(mutated(files), (bytes) => survives(() => read(bytes), patience)),
      { numRuns, endOnFailure },
    );
  });

  it('in a project: a plan or what is wrong, and nothing is written', async () => {
    const project = scratchProject({
      ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
      hosts: [{ name: 'a.test', key: 'ecdsa-p256' }],
    });
    await project.apply();
    const names = [...project.snapshot().keys()].map((name) => name.replace(/^project\//, ''));
    const files = new Map(names.map((name) => [name, readFileSync(project.path(name))]));
    const cases = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), mutated([...files.values()])));
    await fc.assert(
      fc.asyncProperty(cases, async ([name, bytes]) => {
        project.write(name, bytes);
        const before = project.snapshot();
        await survives(() => compareProject(project.world, { cwd: project.folder }));
        expect(project.snapshot()).toEqual(before);
        project.write(name, files.get(name) ?? '');
      }),
      { numRuns: PLANS, endOnFailure },
    );
  });
});
