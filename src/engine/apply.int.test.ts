import { copyFileSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { DAY } from '../kernel/duration.ts';
import { changedFiles, scratchProject, summary, type ScratchProject } from '../testing/project.ts';

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } };
const HOST = { name: 'app.test', key: 'ecdsa-p256', altNames: ['chat.local', '127.0.0.1'] };
const BASE = { ca: CA, hosts: [HOST, { name: 'api.test', key: 'ecdsa-p256' }] };
const HOST_FILES = (name: string) =>
  ['crt', 'csr', 'fullchain.pem', 'key'].map((end) => `project/certs/${name}.${end}`);
const STATE = 'project/.rcssl/manifest.json';

/** What one apply changed, the state files apart. */
async function changesOf(project: ScratchProject, options?: Parameters<ScratchProject['apply']>[0]): Promise<string[]> {
  const before = project.snapshot();
  await project.apply(options);
  return changedFiles(before, project.snapshot()).filter((name) => name !== STATE && !name.includes('.rcssl/archive'));
}

async function codesOf(promise: Promise<unknown>): Promise<string[]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RcsslError);
  return (error as RcsslError).diagnostics.map(({ code }) => code);
}

async function applied(config: object = BASE): Promise<ScratchProject> {
  const project = scratchProject(config);
  await project.apply();
  return project;
}

describe('apply', () => {
  it('makes everything, and a second run touches no file', async () => {
    const project = scratchProject(BASE);
    expect(summary(await project.plan())).toEqual([
      'create key ca:Test Root: missing',
      'create certificate ca:Test Root: missing',
      ...['api.test', 'app.test'].flatMap((name) =>
        ['key', 'certificate', 'csr', 'fullchain'].map((artifact) => `create ${artifact} host:${name}: missing`),
      ),
    ]);
    const result = await project.apply();
    expect(result.certificates).toBe(3);
    const before = project.snapshot();
    expect([...before.keys()]).toEqual(expect.arrayContaining([...HOST_FILES('app.test'), 'project/certs/root.key']));
    const second = await project.apply();
    expect(second.complete).toBe(true);
    expect(second.done).toEqual([]);
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });

  it('writes nothing when it only plans', async () => {
    const project = scratchProject(BASE);
    const before = project.snapshot();
    await project.plan();
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('gives keys 0600, the rest 0644, and new key folders 0700', async () => {
    const project = await applied();
    const modes = [...project.snapshot()].map(
      ([name, facts]) => `${name.replace('project/', '')} ${facts.split(' ')[0]}`,
    );
    expect(modes).toEqual(
      expect.arrayContaining(['certs/root.key 600', 'certs/app.test.key 600', 'certs/app.test.crt 644']),
    );
    const { mode } = (await import('node:fs')).statSync(project.path('certs'));
    expect(mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.platform === 'win32')(
    'gives folders that it makes the declared rights, and tells of others',
    async () => {
      const gid = process.getgid?.() ?? 0;
      const outDir = { path: 'tls/own', mode: '0750', group: gid };
      const project = await applied({ ...BASE, outDir });
      const { statSync } = await import('node:fs');
      for (const folder of ['tls', 'tls/own']) {
        expect(statSync(project.path(folder))).toMatchObject({ gid, mode: 0o40750 });
      }
      project.configure({ ...BASE, outDir: { ...outDir, mode: '0711', group: gid + 1 } });
      const { diagnostics, complete } = await project.plan();
      expect(complete).toBe(true);
      expect(diagnostics).toMatchObject([
        { code: 'folder-rights', args: { path: 'tls/own', from: 'mode 0750', to: '0711' } },
        { code: 'folder-rights', args: { from: `group ${gid}`, to: String(gid + 1) } },
      ]);
    },
  );

  it('reissues nothing when the manifest is gone, and writes it anew', async () => {
    const project = await applied();
    const manifest = project.read('.rcssl/manifest.json');
    rmSync(project.path('.rcssl'), { recursive: true });
    expect((await project.plan()).complete).toBe(true);
    const before = project.snapshot();
    const result = await project.apply();
    expect(result.done).toEqual([]);
    expect(changedFiles(before, project.snapshot())).toEqual(['project/.rcssl/.gitignore', STATE]);
    expect(project.read('.rcssl/manifest.json')).toBe(manifest);
  });

  it('takes a deleted certificate back from the full chain', async () => {
    const project = await applied();
    const old = project.read('certs/app.test.crt');
    project.remove('certs/app.test.crt');
    expect(summary(await project.plan())).toEqual(['rewrite certificate host:app.test: missing']);
    expect(await changesOf(project)).toEqual(['project/certs/app.test.crt']);
    expect(project.read('certs/app.test.crt')).toBe(old);
  });

  it('issues a certificate that is gone with its chain, with the same key', async () => {
    const project = await applied();
    project.remove('certs/app.test.crt');
    project.remove('certs/app.test.fullchain.pem');
    expect(summary(await project.plan())).toEqual([
      'create certificate host:app.test: missing',
      'create fullchain host:app.test: missing',
    ]);
    expect(await changesOf(project)).toEqual(['project/certs/app.test.crt', 'project/certs/app.test.fullchain.pem']);
  });

  it('replaces a swapped key and what belongs to it, and archives the strange one', async () => {
    const project = await applied();
    copyFileSync(project.path('certs/api.test.key'), project.path('certs/app.test.key'));
    expect(summary(await project.plan())).toEqual([
      'replace key host:app.test: key-mismatch',
      'replace certificate host:app.test: key-changed',
      'replace csr host:app.test: key-changed',
      'replace fullchain host:app.test: certificate-changed',
    ]);
    expect(await changesOf(project)).toEqual(HOST_FILES('app.test'));
    const archived = [...project.snapshot().keys()].filter((name) => name.includes('/archive/'));
    expect(archived.map((name) => name.split('/').at(-1))).toEqual(
      expect.arrayContaining(['app.test.key', 'index.json']),
    );
    // Relative, so that it is true wherever the project is moved to.
    const index = archived.find((name) => name.endsWith('index.json')) ?? '';
    expect(JSON.parse(project.read(index.replace(/^project./, '')))).toMatchObject({
      files: [{ path: 'certs/app.test.key', file: 'app.test.key' }],
    });
  });

  it('reissues for another set of names with the same key', async () => {
    const project = await applied();
    project.configure({ ...BASE, hosts: [{ ...HOST, altNames: ['127.0.0.1', 'new.local'] }, BASE.hosts[1]] });
    const { actions } = await project.plan();
    const certificate = actions.find((action) => action.kind === 'replace' && action.target.artifact === 'certificate');
    expect(certificate).toMatchObject({
      reasons: [{ code: 'names-changed', added: ['new.local'], removed: ['chat.local'] }],
    });
    expect(await changesOf(project)).toEqual(HOST_FILES('app.test').filter((name) => !name.endsWith('.key')));
  });

  it('does not care for the order of names and hosts', async () => {
    const project = await applied();
    project.configure({ ...BASE, hosts: [BASE.hosts[1], { ...HOST, altNames: ['127.0.0.1', 'chat.local'] }] });
    expect((await project.plan()).complete).toBe(true);
  });

  it.each([
    ['key', { key: 'ecdsa-p384' }, HOST_FILES('app.test')],
    ['validity', { validity: '30d' }, ['project/certs/app.test.crt', 'project/certs/app.test.fullchain.pem']],
    ['usage', { usage: ['server', 'client'] }, ['project/certs/app.test.crt', 'project/certs/app.test.fullchain.pem']],
    ['subject', { subject: { organization: 'Acme' } }, HOST_FILES('app.test').slice(0, 3)],
  ])('changes exactly what another %s needs', async (field, change, files) => {
    const project = await applied();
    project.configure({ ...BASE, hosts: [{ ...HOST, ...change }, BASE.hosts[1]] });
    const text = JSON.stringify((await project.plan()).actions);
    expect(text).toContain('profile-changed');
    expect(await changesOf(project), field).toEqual(files);
  });

  it('moves the set to another output path without reissuing, and removes the old one only when pruned', async () => {
    const project = await applied();
    const key = project.read('certs/app.test.key');
    const certificate = project.read('certs/app.test.crt');
    project.configure({
      ...BASE,
      hosts: [{ ...HOST, output: { key: 'tls/app.key', cert: 'tls/app.crt' } }, BASE.hosts[1]],
    });
    expect(summary(await project.plan())).toEqual([
      'rewrite key host:app.test: moved',
      'rewrite certificate host:app.test: moved',
    ]);
    await project.apply();
    expect(project.read('tls/app.key')).toBe(key);
    expect(project.read('tls/app.crt')).toBe(certificate);
    const { removals } = (await project.plan()).plan;
    expect(removals.map(({ path }) => path)).toEqual([
      project.path('certs/app.test.crt'),
      project.path('certs/app.test.key'),
    ]);
    expect(await changesOf(project, { prune: true })).toEqual([
      'project/certs/app.test.crt',
      'project/certs/app.test.key',
    ]);
    expect((await project.plan()).plan.removals).toEqual([]);
  });

  it('renews in the renewal window with the same key, and not before', async () => {
    const project = scratchProject(BASE);
    const begin = Date.UTC(2026, 0, 1);
    project.setNow(begin);
    await project.apply();
    project.setNow(begin + 334 * DAY);
    expect((await project.plan()).complete).toBe(true);
    project.setNow(begin + 336 * DAY);
    expect(summary(await project.plan())).toEqual(
      ['api.test', 'app.test'].flatMap((name) => [
        `replace certificate host:${name}: expires-soon`,
        `replace fullchain host:${name}: certificate-changed`,
      ]),
    );
    const key = project.read('certs/app.test.key');
    await project.apply();
    expect(project.read('certs/app.test.key')).toBe(key);
    project.setNow(begin + 800 * DAY);
    expect(summary(await project.plan())[0]).toContain('expired');
  });

  it('takes a new key at each renewal with reuseKey: false', async () => {
    const project = scratchProject({ ...BASE, hosts: [{ ...HOST, reuseKey: false }] });
    const begin = Date.UTC(2026, 0, 1);
    project.setNow(begin);
    await project.apply();
    project.setNow(begin + 340 * DAY);
    expect(await changesOf(project)).toEqual(HOST_FILES('app.test'));
  });

  it('repairs a mode, an encoding, a broken chain without reissuing', async () => {
    const project = await applied();
    const certificate = project.read('certs/app.test.crt');
    project.write('certs/app.test.key', project.read('certs/app.test.key'), 0o644);
    project.write('certs/app.test.crt', certificate.replaceAll('\n', '\r\n'));
    project.write('certs/app.test.fullchain.pem', 'nonsense');
    expect(summary(await project.plan())).toEqual([
      'rewrite key host:app.test: mode',
      'rewrite certificate host:app.test: encoding',
      'rewrite fullchain host:app.test: stale',
    ]);
    await project.apply();
    expect(project.read('certs/app.test.crt')).toBe(certificate);
    expect((await project.plan()).complete).toBe(true);
  });

  it('leaves a file alone that it did not write, until it is adopted', async () => {
    const project = scratchProject(BASE);
    project.write('certs/app.test.crt', 'mine\n');
    const result = await project.apply();
    expect(result.complete).toBe(false);
    expect(project.read('certs/app.test.crt')).toBe('mine\n');
    expect([...project.snapshot().keys()]).not.toContain('project/certs/app.test.key');
    expect(summary(await project.plan())[0]).toBe('blocked key host:app.test: waits missing');
    await project.apply({ adopt: ['certs/app.test.crt'] });
    expect((await project.plan()).complete).toBe(true);
    const archived = [...project.snapshot().keys()].find(
      (name) => name.endsWith('app.test.crt') && name.includes('archive'),
    );
    expect(project.read(String(archived).replace('project/', ''))).toBe('mine\n');
  });

  it('uses a key that stands at the place of a new host', async () => {
    const project = await applied({ ...BASE, hosts: [BASE.hosts[1]] });
    const key = project.read('certs/api.test.key');
    project.write('certs/app.test.key', key, 0o600);
    project.configure(BASE);
    expect(await changesOf(project)).not.toContain('project/certs/app.test.key');
    expect(project.read('certs/app.test.key')).toBe(key);
  });

  it('applies to the chosen hosts alone, and forces one with a new key', async () => {
    const project = scratchProject(BASE);
    await project.apply({ only: ['app.test'] });
    expect([...project.snapshot().keys()].filter((name) => name.includes('api.test'))).toEqual([]);
    await project.apply();
    expect(await changesOf(project, { force: ['app.test'] })).toEqual(HOST_FILES('app.test'));
    expect(await codesOf(project.apply({ only: ['ap.test'], force: ['nobody'] }))).toEqual([
      'owner-unknown',
      'owner-unknown',
    ]);
  });
});

describe('the root', () => {
  it('is replaced only with leave; then every host follows and the old one is archived', async () => {
    const project = await applied();
    const old = project.read('certs/root.key');
    project.configure({ ...BASE, ca: { ...CA, key: 'ecdsa-p384' } });
    const before = project.snapshot();
    expect(await codesOf(project.apply())).toEqual(['root-replacement-needs-leave']);
    expect(await codesOf(project.apply({ replaceRoot: async () => false }))).toEqual(['root-replacement-declined']);
    expect(changedFiles(before, project.snapshot())).toEqual([]);
    await project.apply({ replaceRoot: true });
    expect((await project.plan()).complete).toBe(true);
    const archived = [...project.snapshot().keys()].filter((name) => name.includes('/archive/'));
    const key = archived.find((name) => name.endsWith('root.key'));
    expect(project.read(String(key).replace('project/', ''))).toBe(old);
  });

  it('is renewed with its key for wider constraints; no host is reissued but the one that needs it', async () => {
    const project = await applied();
    const key = project.read('certs/root.key');
    project.configure({ ...BASE, hosts: [...BASE.hosts, { name: 'example.org', key: 'ecdsa-p256' }] });
    const { actions, plan } = await project.plan();
    expect(plan.ca).toMatchObject({ renewsRoot: true, replacesRoot: false });
    expect(actions.find(({ kind }) => kind === 'replace')).toMatchObject({
      reasons: [{ code: 'constraints-widened', added: ['example.org'] }],
    });
    expect(await changesOf(project)).toEqual([...HOST_FILES('example.org'), 'project/certs/root.crt']);
    expect(project.read('certs/root.key')).toBe(key);
    project.configure(BASE);
    expect((await project.plan()).complete).toBe(true);
  });

  it('is renewed with its key near its end, and its hosts stay', async () => {
    const project = scratchProject({ ...BASE, hosts: [{ ...HOST, validity: '2y' }] });
    const begin = Date.UTC(2026, 0, 1);
    project.setNow(begin);
    await project.apply();
    project.setNow(begin + 690 * DAY);
    project.configure({ ...BASE, ca: { ...CA, renewBefore: '340d' }, hosts: [{ ...HOST, validity: '2y' }] });
    expect(summary(await project.plan())).toEqual(['replace certificate ca:Test Root: expires-soon']);
    expect(await changesOf(project)).toEqual(['project/certs/root.crt']);
    expect((await project.plan()).complete).toBe(true);
  });

  it('with a lost key is a new root', async () => {
    const project = await applied();
    project.remove('certs/root.key');
    expect((await project.plan()).plan.ca.replacesRoot).toBe(true);
    expect(summary(await project.plan())[0]).toBe('create key ca:Test Root: key-lost');
    await project.apply({ replaceRoot: true });
    expect((await project.plan()).complete).toBe(true);
  });

  it('without an output lives in the data folder, for all projects, with a copy where it is declared', async () => {
    const shared = { name: 'Shared', key: 'ecdsa-p256', output: { cert: 'certs/root.crt' } };
    const project = await applied({ ca: shared, hosts: [HOST] });
    const roots = [...project.snapshot().keys()].filter((name) => name.startsWith('data/rcssl/roots/'));
    expect(roots.map((name) => name.split('/').at(-1))).toEqual(
      expect.arrayContaining(['root.key', 'root.crt', 'manifest.json']),
    );
    const fingerprint = (await project.plan()).plan.ca.fingerprint;
    // A fresh clone of the project finds the same root.
    for (const folder of ['certs', '.rcssl']) rmSync(project.path(folder), { recursive: true });
    await project.apply();
    expect((await project.plan()).plan.ca.fingerprint).toBe(fingerprint);
    project.remove('certs/root.crt');
    expect(await changesOf(project)).toEqual(['project/certs/root.crt']);
  });

  it('is encrypted where a passphrase is named; a quiet run asks for none, a wrong one writes nothing', async () => {
    const ca = { ...CA, passphrase: { file: 'pass.txt' } };
    const project = scratchProject({ ...BASE, ca });
    expect(await codesOf(project.apply())).toEqual(['secret-file-unreadable']);
    expect([...project.snapshot().keys()].filter((name) => name.includes('certs/'))).toEqual([]);
    project.write('pass.txt', 'correct horse\n');
    await project.apply();
    expect(project.read('certs/root.key')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    project.remove('pass.txt');
    expect((await project.apply()).complete).toBe(true);
    project.write('pass.txt', 'wrong');
    const before = project.snapshot();
    expect(await codesOf(project.apply({ force: ['app.test'] }))).toEqual(['key-passphrase-wrong']);
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });

  it('is encrypted later without becoming another', async () => {
    const project = await applied();
    project.write('pass.txt', 'correct horse');
    project.configure({ ...BASE, ca: { ...CA, passphrase: { file: 'pass.txt' } } });
    expect(summary(await project.plan())).toEqual(['rewrite key ca:Test Root: encryption']);
    expect(await changesOf(project)).toEqual(['project/certs/root.key']);
    project.configure(BASE);
    expect(summary(await project.plan())).toEqual(['blocked key ca:Test Root: encryption']);
  });
});
