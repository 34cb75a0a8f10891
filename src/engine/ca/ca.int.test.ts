import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Code } from '../../diagnostics/diagnostic.ts';
import type { Disk } from '../../kernel/ports.ts';
import { requireProgram } from '../../testing/programs.ts';
import { changedFiles, scratchProject, summary, type ScratchProject } from '../../testing/project.ts';
import { applyProject } from '../apply.ts';
import { backUpRoots } from './backup.ts';
import { listRoots } from './list.ts';
import { restoreRoots } from './restore.ts';
import type { BackupOptions } from './types.ts';

requireProgram('openssl');

const ENV = { BACKUP: 'tiger-1', WRONG: 'tiger-2', ROOT: 'horse-1' };
const HOST = { name: 'app.test', key: 'ecdsa-p256' };
const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const CONFIG = { ca: CA, hosts: [HOST] };
const FILE = 'dev.age';

const machine = (config: object): ScratchProject => scratchProject(config, ENV);

const options = ({ folder }: ScratchProject, more: Partial<BackupOptions> = {}): BackupOptions => ({
  cwd: folder,
  file: FILE,
  passphrase: { env: 'BACKUP' },
  work: 8,
  ...more,
});

const backUp = (project: ScratchProject, more?: Partial<BackupOptions>) =>
  backUpRoots(project.world, options(project, more));

const restore = (project: ScratchProject, more?: Partial<BackupOptions>) =>
  restoreRoots(project.world, { ...options(project, more), durable: false });

const list = ({ world, folder }: ScratchProject) => listRoots(world, { cwd: folder });

/** Where the root's key and archive are: in the project, or in its data folder. */
function rootFiles(project: ScratchProject, isShared: boolean): { key: string; archive: string } {
  if (!isShared) return { key: project.path('certs/root.key'), archive: project.path('.rcssl/archive') };
  const roots = join(dirname(project.folder), 'data/rcssl/roots');
  const [own = ''] = readdirSync(roots);
  return { key: join(roots, own, 'root.key'), archive: join(roots, own, 'archive') };
}

/** What was refused, and that it left everything as it was. */
async function refused(project: ScratchProject, run: () => Promise<unknown>, code: Code): Promise<string> {
  const before = project.snapshot();
  const error = await run().then(
    () => new Error('not refused'),
    (error: Error) => error,
  );
  expect(error).toMatchObject({ diagnostics: [{ code }] });
  expect(changedFiles(before, project.snapshot())).toEqual([]);
  return error.message;
}

describe('onto an empty machine', () => {
  const passphrase = { env: 'ROOT' };
  it.each([
    ['a root of the project', CONFIG],
    ['with a passphrase', { ...CONFIG, ca: { ...CA, passphrase } }],
    ['a shared root', { ...CONFIG, ca: { name: 'Test Root', key: 'ecdsa-p256' } }],
    [
      'shared, with a passphrase and a copy',
      {
        ...CONFIG,
        ca: { name: 'Test Root', key: 'ecdsa-p256', passphrase, output: { cert: 'root.crt' } },
      },
    ],
  ])('comes back %s, with the one before it', async (_, config) => {
    const isShared = !('output' in config.ca && 'key' in config.ca.output);
    const old = machine(config);
    await old.apply();
    await old.apply({ force: ['ca:Test Root'], replaceRoot: true });
    const { roots } = await backUp(old);
    expect(roots).toMatchObject([{ state: 'live' }, { state: 'archived' }]);
    expect(JSON.stringify(await list(old))).not.toMatch(/PRIVATE|tiger|horse/);
    expect(statSync(old.path(FILE)).mode & 0o777).toBe(0o600);

    const fresh = machine(config);
    copyFileSync(old.path(FILE), fresh.path(FILE));
    const result = await restore(fresh);
    expect(result).toMatchObject({ complete: false, roots });
    const [was, is] = [rootFiles(old, isShared), rootFiles(fresh, isShared)];
    expect(readFileSync(is.key)).toEqual(readFileSync(was.key));
    expect(statSync(is.key).mode & 0o777).toBe(0o600);
    const [archived = ''] = readdirSync(was.archive);
    for (const file of ['root.key', 'root.crt']) {
      const path = join(is.archive, archived, file);
      expect(readFileSync(path)).toEqual(readFileSync(join(was.archive, archived, file)));
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }

    // The root is kept; with the hosts of the old machine all of it is.
    const plan = await fresh.plan();
    expect(summary(plan).every((line) => line.startsWith('create') && line.includes('host:'))).toBe(true);
    expect(plan.diagnostics).toEqual([]);
    const { roots: listed } = await list(fresh);
    expect(listed.map(({ state, hosts }) => [state, hosts])).toEqual([
      ['live', []],
      ['archived', []],
    ]);
    const applied = await fresh.apply();
    expect(applied.done.every((action) => action.kind === 'create')).toBe(true);
    const verify = [
      'verify',
      '-x509_strict',
      '-CAfile',
      join(dirname(is.key), 'root.crt'),
      fresh.path('certs/app.test.crt'),
    ];
    expect(execFileSync('openssl', verify, { encoding: 'utf8' })).toMatch(/: OK/);
    const asBefore = machine(config);
    cpSync(old.path('certs'), asBefore.path('certs'), {
      recursive: true,
      filter: (path) => !/root\.(?:key|crt)$/.test(path),
    });
    copyFileSync(old.path(FILE), asBefore.path(FILE));
    expect(await restore(asBefore)).toMatchObject({ complete: true });
    expect(summary(await asBefore.plan())).toEqual([]);
  });
});

describe('restore', () => {
  async function backedUp(): Promise<ScratchProject> {
    const project = machine(CONFIG);
    await project.apply();
    await backUp(project);
    return project;
  }

  it('writes nothing where all is there', async () => {
    const project = await backedUp();
    const before = project.snapshot();
    expect(await restore(project)).toMatchObject({ restored: { files: [], archive: [] }, complete: true });
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });

  it('brings a lost key back beside a newer certificate of it', async () => {
    const project = await backedUp();
    project.configure({ ...CONFIG, hosts: [HOST, { name: 'x.example.org', key: 'ecdsa-p256' }] });
    await project.apply();
    const newer = project.read('certs/root.crt');
    project.remove('certs/root.key');
    expect(summary(await project.plan())).toContain('create key ca:Test Root: key-lost');
    expect(await restore(project)).toMatchObject({
      restored: { files: [project.path('certs/root.key')] },
      complete: true,
    });
    expect(project.read('certs/root.crt')).toBe(newer);
  });

  it('overwrites no other root, nor anything else in its place', async () => {
    const project = await backedUp();
    const other = machine(CONFIG);
    await other.apply();
    copyFileSync(project.path(FILE), other.path(FILE));
    const before = other.snapshot();
    await expect(restore(other)).rejects.toMatchObject({
      diagnostics: [
        { code: 'restore-other-root' },
        { code: 'restore-other-root', args: { what: { name: 'Test Root' } } },
      ],
    });
    expect(changedFiles(before, other.snapshot())).toEqual([]);
    other.remove('certs/root.crt');
    other.write('certs/root.key', 'damaged');
    expect(await refused(other, () => restore(other), 'restore-other-root')).toContain('certs/root.key');
  });

  it('sees a root that the configuration has moved and no apply yet', async () => {
    const project = await backedUp();
    const moved = { ...CONFIG, ca: { ...CA, output: { key: 'ca/root.key' } } };
    project.configure(moved);
    expect(await restore(project)).toMatchObject({ restored: { files: [], archive: [] } });
    const other = machine(CONFIG);
    await other.apply();
    copyFileSync(project.path(FILE), other.path(FILE));
    other.configure(moved);
    const before = other.snapshot();
    await expect(restore(other)).rejects.toMatchObject({
      diagnostics: [{ code: 'restore-other-root', place: { file: other.path('certs/root.key') } }, {}],
    });
    expect(changedFiles(before, other.snapshot())).toEqual([]);
  });

  it('opens with the right passphrase alone, and only what is a backup', async () => {
    const project = await backedUp();
    await refused(project, () => restore(project, { passphrase: { env: 'WRONG' } }), 'backup-passphrase-wrong');
    await refused(project, () => restore(project, { passphrase: { prompt: true } }), 'secret-no-terminal');
    await refused(project, () => restore(project, { file: 'none.age' }), 'backup-missing');
    await refused(project, () => restore(project, { file: 'certs/root.key' }), 'backup-unreadable');
    await refused(project, () => restore(project, { file: 'certs' }), 'backup-unreadable');
    project.write('cut.age', project.read(FILE).slice(0, -200));
    await refused(project, () => restore(project, { file: 'cut.age' }), 'backup-unreadable');
    project.write('large.age', '');
    truncateSync(project.path('large.age'), 65 * 1024 * 1024);
    const message = await refused(project, () => restore(project, { file: 'large.age' }), 'backup-unreadable');
    expect(message).toMatch(/larger than 64 MiB/);
  });

  it.each([
    ['', CONFIG],
    [' of a shared root', { ...CONFIG, ca: { name: 'Test Root', key: 'ecdsa-p256', output: { cert: 'root.crt' } } }],
  ])('%s that fails at any rename is finished by the next one, or has left nothing', async (shared, config) => {
    const project = machine(config);
    await project.apply();
    await project.apply({ force: ['ca:Test Root'], replaceRoot: true });
    await backUp(project);
    const { key } = rootFiles(project, shared !== '');
    const bytes = readFileSync(key);
    const { disk } = project.world;
    const outcomes: unknown[] = [];
    for (let failing = 1, isCut = true; isCut; failing++) {
      for (const path of [dirname(key), project.path('.rcssl'), project.path('root.crt')]) {
        rmSync(path, { recursive: true, force: true });
      }
      let left = failing;
      const rename: Disk['rename'] = (from, to) => {
        if (--left === 0) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        disk.rename(from, to);
      };
      const world = { ...project.world, disk: { ...disk, rename } };
      isCut = await restoreRoots(world, { ...options(project), durable: false }).then(
        () => false,
        () => true,
      );
      const { recovered } = await restore(project);
      expect(summary(await project.plan()).filter((line) => line.includes('ca:'))).toEqual([]);
      expect(readFileSync(key)).toEqual(bytes);
      outcomes.push(...recovered.map(({ outcome }) => outcome));
    }
    // After those of the journals: three of the archive, two of the root, two or four of what rcssl knows and copies.
    expect(new Set(outcomes)).toEqual(new Set(['finished']));
    expect(outcomes.length).toBeGreaterThanOrEqual(7);
  });

  it('finishes first what an apply had begun, and finds another root then', async () => {
    const project = await backedUp();
    const { disk } = project.world;
    const rename: Disk['rename'] = (from, to) => {
      if (to.endsWith('root.crt')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      disk.rename(from, to);
    };
    const world = { ...project.world, disk: { ...disk, rename } };
    const replacing = { cwd: project.folder, force: ['ca:Test Root'], replaceRoot: true, durable: false };
    await expect(applyProject(world, replacing)).rejects.toMatchObject({ diagnostics: [{ code: 'write-unfinished' }] });
    await refused(project, () => backUp(project, { file: 'half.age' }), 'apply-interrupted');
    const told: unknown[] = [];
    const restored = restoreRoots(project.world, { ...options(project), onRecovered: (all) => told.push(...all) });
    await expect(restored).rejects.toMatchObject({ diagnostics: [{ code: 'restore-other-root' }, {}] });
    expect(told).toMatchObject([{ outcome: 'finished' }]);
    expect(await project.plan()).toMatchObject({ complete: true });
  });

  it('follows no link out of the project', async () => {
    const project = await backedUp();
    const fresh = machine(CONFIG);
    copyFileSync(project.path(FILE), fresh.path(FILE));
    mkdirSync(join(fresh.folder, '../public'));
    symlinkSync('../public', fresh.path('certs'));
    await refused(fresh, () => restore(fresh), 'restore-outside');
    fresh.remove('certs');
    mkdirSync(fresh.path('.rcssl'));
    symlinkSync('../../public', fresh.path('.rcssl/archive'));
    await refused(fresh, () => restore(fresh), 'state-link');
  });

  it.each([
    ['name', { ...CA, name: 'Other Root' }],
    ['key', { ...CA, key: 'ecdsa-p384' }],
  ])('leaves alone a project whose root has another %s', async (field, ca) => {
    const project = await backedUp();
    const other = machine({ ...CONFIG, ca });
    copyFileSync(project.path(FILE), other.path(FILE));
    expect(await refused(other, () => restore(other), 'restore-undeclared')).toContain(`has ${field} `);
  });

  it('overwrites nothing in the archive, and completes what a killed run left', async () => {
    const project = await backedUp();
    await project.apply({ force: ['ca:Test Root'], replaceRoot: true });
    await backUp(project, { file: 'later.age' });
    const [folder = ''] = readdirSync(project.path('.rcssl/archive'));
    const lost = `.rcssl/archive/${folder}/root.key`;
    const key = project.read(lost);
    project.remove(lost);
    expect(await restore(project, { file: 'later.age' })).toMatchObject({
      restored: { files: [], archive: [project.path(`.rcssl/archive/${folder}`)] },
    });
    expect(project.read(lost)).toBe(key);
    project.write(lost, 'changed');
    await refused(project, () => restore(project, { file: 'later.age' }), 'restore-archive-differs');
  });
});

describe('backup', () => {
  it('overwrites nothing, and is not made of nothing', async () => {
    const project = machine(CONFIG);
    await refused(project, () => backUp(project), 'backup-nothing');
    await project.apply();
    project.write(FILE, 'something');
    await refused(project, () => backUp(project), 'backup-exists');
    await refused(project, () => backUp(project, { file: 'no/such/folder.age' }), 'write-failed');
    await refused(
      project,
      () => backUp(project, { file: 'x.age', passphrase: { prompt: true } }),
      'secret-no-terminal',
    );
  });

  it('is not made of a root that is none', async () => {
    const project = machine(CONFIG);
    await project.apply();
    const key = project.read('certs/root.key');
    project.write('certs/root.key', project.read('certs/app.test.key'));
    await refused(project, () => backUp(project), 'root-key-mismatch');
    project.write('certs/root.key', key.slice(0, 100));
    await refused(project, () => backUp(project), 'key-unreadable');
  });

  it('is made of the archive alone where the live key is lost', async () => {
    const project = machine(CONFIG);
    await project.apply();
    await project.apply({ force: ['ca:Test Root'], replaceRoot: true });
    project.remove('certs/root.key');
    expect(await backUp(project)).toMatchObject({ roots: [{ state: 'archived' }] });
  });
});

describe('ca list', () => {
  it('says which hosts are still by an earlier root, and where each key is; it writes nothing', async () => {
    const project = machine(CONFIG);
    expect((await list(project)).roots).toEqual([]);
    await project.apply();
    const leaf = project.read('certs/app.test.crt');
    await project.apply({ force: ['ca:Test Root'], replaceRoot: true });
    const before = project.snapshot();
    expect((await list(project)).roots).toMatchObject([
      { state: 'live', key: 'live', hosts: ['host:app.test'], path: 'certs/root.crt' },
      { state: 'archived', key: 'archived', hosts: [], path: expect.stringMatching(/^\.rcssl\/archive\//) as string },
    ]);
    expect(changedFiles(before, project.snapshot())).toEqual([]);
    project.write('certs/app.test.crt', leaf);
    project.remove('certs/root.key');
    const [folder = ''] = readdirSync(project.path('.rcssl/archive'));
    project.remove(`.rcssl/archive/${folder}/root.key`);
    project.remove(`.rcssl/archive/${folder}/index.json`);
    expect((await list(project)).roots).toMatchObject([
      { state: 'live', key: 'missing', hosts: [] },
      { state: 'archived', key: 'missing', hosts: ['host:app.test'] },
    ]);
  });

  it('tells an earlier certificate of the same key from another root', async () => {
    const project = machine(CONFIG);
    await project.apply();
    project.configure({ ...CONFIG, hosts: [HOST, { name: 'x.example.org', key: 'ecdsa-p256' }] });
    await project.apply();
    expect((await list(project)).roots).toMatchObject([
      { state: 'live', key: 'live' },
      { state: 'archived', key: 'live' },
    ]);
  });
});
