import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import type { TlsProbe } from '../kernel/ports.ts';
import { nodeTlsProbe } from '../platform/tls-probe.ts';
import { serve } from '../testing/clients/server.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { inspectTarget, type InspectOptions, type InspectResult } from './inspect.ts';

const CONFIG = {
  ca: { name: 'Inspected Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [
    { name: 'a.test', altNames: ['*.a.test', '127.0.0.1'], key: 'ecdsa-p256' },
    { name: 'b.test', key: 'ecdsa-p256' },
  ],
};

/** Files and hosts are inspected without the network. */
const offline: TlsProbe = { probe: () => Promise.reject(new Error('the network was touched')) };

const inspect = (
  { world, folder }: ScratchProject,
  target: string,
  options: Partial<InspectOptions> = {},
): Promise<InspectResult> => inspectTarget(world, offline, { cwd: folder, target, ...options });

const codes = (thing: Promise<unknown>): Promise<unknown> =>
  thing.then(
    () => 'no error',
    (error: unknown) => (error instanceof RcsslError ? error.diagnostics.map(({ code }) => code) : error),
  );

async function applied(): Promise<ScratchProject> {
  const project = scratchProject(CONFIG);
  await project.apply();
  return project;
}

describe('a file of the project', () => {
  test('a certificate: signed by the root, and as it is wanted', async () => {
    const project = await applied();
    const { source, items, matches, diagnostics, config } = await inspect(project, 'certs/a.test.crt');
    expect(source).toEqual({ kind: 'file', path: project.path('certs/a.test.crt'), container: 'PEM' });
    expect(config).toBe(project.path('rcssl.config.json'));
    expect(items).toMatchObject([{ kind: 'certificate', role: 'leaf', facts: { keyKind: 'ecdsa-p256' } }]);
    expect(matches).toEqual([
      { code: 'root', name: 'Inspected Root', signed: true },
      {
        code: 'declared',
        owner: 'host:a.test',
        artifact: 'certificate',
        path: project.path('certs/a.test.crt'),
        action: 'keep',
        reasons: [],
      },
    ]);
    expect(diagnostics).toEqual([]);
  });

  test('a certificate that the configuration has left behind', async () => {
    const project = await applied();
    project.configure({ ...CONFIG, hosts: ['a.test', 'new.test'].map((name) => ({ name, key: 'ecdsa-p256' })) });
    const { matches } = await inspect(project, 'certs/a.test.crt');
    expect(matches.find(({ code }) => code === 'declared')).toMatchObject({
      action: 'replace',
      reasons: [{ code: 'names-changed', added: [], removed: ['*.a.test', '127.0.0.1'] }],
    });
  });

  test.each([
    ['certs/a.test.key', 'key'],
    ['certs/a.test.csr', 'request'],
  ])('%s is of the same key as the certificate', async (path, kind) => {
    const project = await applied();
    const { items, matches, diagnostics } = await inspect(project, path);
    expect(items.map((item) => item.kind)).toEqual([kind]);
    expect(matches).toMatchObject([
      { code: 'declared', owner: 'host:a.test', action: 'keep' },
      { code: 'key-of', owner: 'host:a.test', path: project.path('certs/a.test.crt') },
    ]);
    expect(diagnostics).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('a key that others may read', async () => {
    const project = await applied();
    project.write('copy.key', project.read('certs/a.test.key'), 0o644);
    const { diagnostics, matches } = await inspect(project, 'copy.key');
    expect(diagnostics).toMatchObject([{ code: 'inspect-key-readable', args: { mode: '0644' } }]);
    expect(matches).toMatchObject([{ code: 'key-of', owner: 'host:a.test' }]);
  });

  test('a copy elsewhere is known by what it is', async () => {
    const project = await applied();
    project.write('copy.pem', project.read('certs/b.test.crt'));
    const { matches } = await inspect(project, 'copy.pem');
    expect(matches).toMatchObject([
      { code: 'root', signed: true },
      { code: 'on-disk', owner: 'host:b.test', same: true },
    ]);
  });

  test('a bundle: whether it is a chain, and whether its key fits', async () => {
    const project = await applied();
    const [key, leaf, root] = ['certs/b.test.key', 'certs/a.test.crt', 'certs/root.crt'].map(project.read);
    project.write('chain.pem', `${leaf}${root}`, 0o600);
    project.write('wrong.pem', `${key}${root}${leaf}`, 0o600);
    expect((await inspect(project, 'chain.pem')).matches).toContainEqual({ code: 'order', ok: true });
    expect((await inspect(project, 'wrong.pem')).matches).toEqual(
      expect.arrayContaining([
        { code: 'pair', ok: false },
        { code: 'order', ok: false },
      ]),
    );
  });
});

describe('a declared host', () => {
  test('is its certificate, with what the plan says of all of it', async () => {
    const project = await applied();
    project.remove('certs/a.test.csr');
    const { source, items, matches } = await inspect(project, 'a.test');
    expect(source).toMatchObject({ kind: 'owner', id: 'host:a.test', path: project.path('certs/a.test.crt') });
    expect(items).toHaveLength(1);
    const declared = matches.flatMap((match) =>
      match.code === 'declared' ? [`${match.artifact} ${match.action}`] : [],
    );
    expect(declared).toEqual(['key keep', 'certificate keep', 'csr create', 'fullchain keep']);
  });

  test('the root, by its id', async () => {
    const { items } = await inspect(await applied(), 'ca:Inspected Root');
    expect(items).toMatchObject([{ role: 'root' }]);
  });

  test('before it was made', async () => {
    expect(await codes(inspect(scratchProject(CONFIG), 'a.test'))).toEqual(['inspect-not-made']);
  });

  test('a file of its name wins, a folder does not', async () => {
    const project = await applied();
    project.write('a.test/inner', '');
    expect((await inspect(project, 'a.test')).source.kind).toBe('owner');
    project.remove('a.test');
    project.write('a.test', project.read('certs/root.crt'));
    expect((await inspect(project, 'a.test')).source.kind).toBe('file');
  });
});

describe('without a good configuration', () => {
  test('a file is inspected without one', async () => {
    const project = await applied();
    project.remove('rcssl.config.json');
    const { config, matches, diagnostics } = await inspect(project, 'certs/a.test.crt');
    expect([config, matches, diagnostics]).toEqual([undefined, [], []]);
  });

  test('a file is inspected beside one with errors, which is said', async () => {
    const project = await applied();
    project.write('rcssl.config.json', '{"hosts":["a.test"],"unknown":1}');
    const { diagnostics, items } = await inspect(project, 'certs/a.test.crt');
    expect(items).toHaveLength(1);
    expect(diagnostics).toMatchObject([{ code: 'inspect-without-config', args: { errors: 1 } }]);
    expect(await codes(inspect(project, 'a.test'))).toEqual(['config-unknown-key']);
    expect(await codes(inspect(project, 'certs/a.test.crt', { config: 'rcssl.config.json' }))).toEqual([
      'config-unknown-key',
    ]);
  });

  test('a name that nothing declares, and a file that is none of ours', async () => {
    const project = await applied();
    expect(await codes(inspect(project, 'nowhere.test'))).toEqual(['inspect-unknown-target']);
    expect(await codes(inspect(project, 'rcssl.config.json'))).toEqual(['inspect-nothing-known']);
  });
});

describe('a live server', () => {
  async function serving(
    host: string,
  ): Promise<{ project: ScratchProject; look: (name: string) => Promise<InspectResult> }> {
    const project = await applied();
    const path = (ending: string): Buffer => readFileSync(project.path(`certs/${host}.${ending}`));
    const server = await serve(path('key'), path('fullchain.pem'));
    onTestFinished(() => server.close());
    const look = (name: string): Promise<InspectResult> =>
      inspectTarget(project.world, nodeTlsProbe, { cwd: project.folder, target: `${name}:${server.port}` });
    return { project, look };
  }

  test('shows the certificate on disk, and it verifies for the name', async () => {
    const { project, look } = await serving('a.test');
    const { source, items, matches, diagnostics } = await look('127.0.0.1');
    expect(source).toMatchObject({ kind: 'server', host: '127.0.0.1', protocol: 'TLSv1.3' });
    expect(items).toMatchObject([{ kind: 'certificate', role: 'leaf' }]);
    expect(matches).toEqual([
      { code: 'name', name: '127.0.0.1', covered: true },
      { code: 'verifies', under: 'project-root', fault: undefined },
      { code: 'root', name: 'Inspected Root', signed: true },
      { code: 'on-disk', owner: 'host:a.test', path: project.path('certs/a.test.crt'), same: true },
    ]);
    expect(diagnostics).toEqual([]);
  });

  test('that still shows the old one', async () => {
    const { project, look } = await serving('a.test');
    await project.apply({ force: ['a.test'] });
    expect((await look('127.0.0.1')).matches).toContainEqual({
      code: 'on-disk',
      owner: 'host:a.test',
      path: project.path('certs/a.test.crt'),
      same: false,
    });
  });

  test('of another name', async () => {
    const { look } = await serving('b.test');
    const { matches } = await look('localhost');
    expect(matches).toContainEqual({ code: 'name', name: 'localhost', covered: false });
    expect(matches).toContainEqual(expect.objectContaining({ code: 'on-disk', owner: 'host:b.test', same: true }));
  });

  test('that does not answer', async () => {
    const { project } = await serving('a.test');
    const { world, folder: cwd } = project;
    expect(await codes(inspectTarget(world, nodeTlsProbe, { cwd, target: '127.0.0.1:1' }))).toEqual([
      'inspect-unreachable',
    ]);
  });
});

describe('a passphrase', () => {
  const encrypted = { ...CONFIG, ca: { ...CONFIG.ca, passphrase: { env: 'ROOT_PASSPHRASE' } } };
  const env = { ROOT_PASSPHRASE: 'open sesame', OTHER: 'wrong' };

  test('unlocks a key only where it is named', async () => {
    const project = scratchProject(encrypted, env);
    await project.apply();
    const closed = await inspect(project, 'certs/root.key');
    expect(closed.items).toMatchObject([{ kind: 'key', facts: { encrypted: true, publicKey: undefined } }]);
    const { items, matches } = await inspect(project, 'certs/root.key', { passphraseEnv: 'ROOT_PASSPHRASE' });
    expect(items).toMatchObject([{ kind: 'key', facts: { encrypted: true, keyKind: 'ecdsa-p256' } }]);
    expect(matches).toContainEqual({
      code: 'key-of',
      owner: 'ca:Inspected Root',
      path: project.path('certs/root.crt'),
    });
  });

  test('that is wrong or not set is said to be', async () => {
    const project = scratchProject(encrypted, env);
    await project.apply();
    expect(await codes(inspect(project, 'certs/root.key', { passphraseEnv: 'OTHER' }))).toEqual([
      'inspect-passphrase-wrong',
    ]);
    expect(await codes(inspect(project, 'certs/root.key', { passphraseEnv: 'UNSET' }))).toEqual(['secret-env-unset']);
  });
});
