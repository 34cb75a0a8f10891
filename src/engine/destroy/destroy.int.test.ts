import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callCli } from '../../testing/call-cli.ts';
import { requireProgram } from '../../testing/programs.ts';
import { changedFiles, scratchProject, summary, type ScratchProject } from '../../testing/project.ts';
import { trustEnvironment } from '../environment.ts';
import { restoreRoots } from '../ca/restore.ts';
import { destroyProject } from './destroy.ts';
import type { DestroyOptions } from './types.ts';

requireProgram('certutil');

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const CONFIG = {
  ca: CA,
  defaults: { key: 'ecdsa-p256' },
  hosts: ['app.test', { name: 'atomic.test', layout: 'atomic' }],
};
const FILE = 'root.age';

function machine(config: object = CONFIG): ScratchProject {
  const { PATH = '' } = process.env;
  return scratchProject(config, { PATH, BACKUP: 'tiger-1' });
}

const options = ({ folder }: ScratchProject, more: Partial<DestroyOptions> = {}): DestroyOptions => ({
  cwd: folder,
  file: FILE,
  passphrase: { env: 'BACKUP' },
  sharedRoot: false,
  stores: ['chromium', 'bundle'],
  userOnly: false,
  canAsk: false,
  confirm: () => Promise.resolve(true),
  work: 8,
  ...more,
});
const destroy = (project: ScratchProject, more?: Partial<DestroyOptions>) =>
  destroyProject(project.world, options(project, more));

const filesIn = ({ folder }: ScratchProject) => readdirSync(folder).sort();

describe('rcssl destroy', () => {
  test('leaves the configuration and the backup, and nothing else; the backup brings the root back', async () => {
    const project = machine();
    await project.apply();
    await project.apply({ force: ['ca:Test Root', 'atomic.test'], replaceRoot: true });
    const key = readFileSync(project.path('certs/root.key'));
    // What exec has made is certificates alone; what a run that was killed has left of it, too.
    await trustEnvironment(project.world, { cwd: project.folder });
    project.write('.rcssl/exec/system.pem.4711.tmp', '');
    const result = await destroy(project);
    expect(result).toMatchObject({ complete: true, left: [], backedUp: [{ state: 'live' }, { state: 'archived' }] });
    expect(result.removed).toHaveLength(10);
    expect(filesIn(project)).toEqual(['.git', 'rcssl.config.json', FILE]);
    await restoreRoots(project.world, {
      cwd: project.folder,
      file: FILE,
      passphrase: { env: 'BACKUP' },
      durable: false,
    });
    expect(readFileSync(project.path('certs/root.key'))).toEqual(key);
    expect(summary(await project.plan()).every((line) => line.includes('host:'))).toBe(true);
  });

  test('follows no link that a clone has brought into the folder of state', async () => {
    const project = machine();
    await project.apply();
    const home = (name: string) => project.path(`../home/${name}`);
    for (const name of ['ssh', 'jdk']) {
      mkdirSync(home(name), { recursive: true });
      project.write(`../home/${name}/java`, 'mine');
    }
    mkdirSync(project.path('.rcssl/archive'), { recursive: true });
    symlinkSync(home('ssh'), project.path('.rcssl/archive/2026-11-23-3fa19c'));
    symlinkSync(home('jdk'), project.path('.rcssl/exec'));
    await destroy(project);
    expect([home('ssh'), home('jdk')].map((folder) => readdirSync(folder))).toEqual([['java'], ['java']]);
  });

  test('leaves what gave way to rcssl: it may be the only copy', async () => {
    const project = machine();
    project.write('certs/app.test.crt', 'by hand');
    await project.apply({ adopt: ['certs/app.test.crt'] });
    await project.apply({ force: ['ca:Test Root'], replaceRoot: true });
    const { left, complete } = await destroy(project);
    expect({ left, complete }).toMatchObject({ left: [{ why: 'archived' }], complete: true });
    const kept = left[0]?.path ?? '';
    expect(readFileSync(join(kept, 'app.test.crt'), 'utf8')).toBe('by hand');
    // Nor does it come into git.
    expect(readdirSync(project.path('.rcssl')).sort()).toEqual(['.gitignore', 'archive']);
    expect(readdirSync(project.path('.rcssl/archive'))).toEqual([basename(kept)]);
  });

  test('takes the root out of the stores first; where one refuses, every file stays', async () => {
    const project = machine();
    await project.apply();
    const database = join(dirname(project.folder), 'home/.pki/nssdb');
    mkdirSync(database, { recursive: true });
    execFileSync('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
    const list = () => execFileSync('certutil', ['-L', '-d', `sql:${database}`], { encoding: 'utf8' });
    const empty = list();
    expect(await callCli(project, ['trust', '--yes', '--store', 'chromium'])).toMatchObject({ code: 0 });
    const bytes = readFileSync(join(database, 'cert9.db'));
    project.write('../home/.pki/nssdb/cert9.db', 'no database');
    const refused = await destroy(project);
    expect(refused).toMatchObject({ complete: false, removed: [] });
    expect(existsSync(project.path('certs/root.key'))).toBe(true);
    project.write('../home/.pki/nssdb/cert9.db', bytes);
    project.remove(FILE);
    expect(await destroy(project)).toMatchObject({ complete: true });
    expect(list()).toBe(empty);
  });

  /** A database of Chromium's, empty. */
  function chromium(project: ScratchProject): string {
    const database = join(dirname(project.folder), 'home/.pki/nssdb');
    mkdirSync(database, { recursive: true });
    execFileSync('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
    return database;
  }

  test('a store that has the root and cannot be reached any more keeps every file, too', async () => {
    const project = machine();
    await project.apply();
    chromium(project);
    expect(await callCli(project, ['trust', '--yes', '--store', 'chromium'])).toMatchObject({ code: 0 });
    const { env } = project.world;
    Object.assign(project.world, { env: { ...env, PATH: '/nowhere' } });
    expect(await destroy(project)).toMatchObject({ complete: false, removed: [] });
    Object.assign(project.world, { env });
    // A name of its own is one that is free.
    expect(await destroy(project, { file: undefined })).toMatchObject({ complete: true });
  });

  test('a store that never had the root and cannot be asked stops nobody', async () => {
    const project = machine();
    await project.apply();
    writeFileSync(join(chromium(project), 'cert9.db'), 'no database');
    const { complete, trust } = await destroy(project);
    expect(complete).toBe(true);
    expect(trust?.outcomes[0]).toMatchObject({ store: 'chromium', result: 'skipped', skip: { code: 'silent' } });
  });

  test('one that is stopped after the backup says so, and removes no file', async () => {
    const project = machine();
    await project.apply();
    const stop = new AbortController();
    const { exec } = project.world;
    // Whoever asks the first store is stopped.
    const run: typeof exec.run = (...args) => {
      if (existsSync(project.path(FILE))) stop.abort(new Error('stopped'));
      return exec.run(...args);
    };
    Object.assign(project.world, { exec: { run } });
    chromium(project);
    const result = await destroy(project, { signal: stop.signal });
    expect(result).toMatchObject({ complete: false, removed: [], backedUp: [{ state: 'live' }] });
    expect(existsSync(project.path('certs/root.key'))).toBe(true);
  });

  test('names and leaves what somebody has changed, or put beside', async () => {
    const project = machine();
    await project.apply();
    project.write('certs/app.test.crt', project.read('certs/atomic.test/atomic.test.crt'));
    project.write('certs/notes.txt', 'mine');
    project.write('certs/atomic.test/mine.txt', 'mine');
    project.write('.rcssl/notes.txt', 'mine');
    const { left, removed } = await destroy(project);
    expect(left).toEqual([{ path: project.path('certs/app.test.crt'), why: 'changed' }]);
    expect(removed).toHaveLength(9);
    expect(readdirSync(project.path('certs')).filter((name) => !name.startsWith('.'))).toEqual([
      'app.test.crt',
      'atomic.test',
      'notes.txt',
    ]);
    expect(readdirSync(project.path('certs/atomic.test'))).toEqual(['mine.txt']);
    expect(readdirSync(project.path('.rcssl'))).toEqual(['notes.txt']);
  });

  test('leaves a shared root with its trust, unless it is meant too', async () => {
    const project = machine({ ...CONFIG, ca: { name: 'Shared', key: 'ecdsa-p256', output: { cert: 'root.crt' } } });
    await project.apply();
    const roots = join(dirname(project.folder), 'data/rcssl/roots');
    const first = await destroy(project);
    expect(first).toMatchObject({ ca: { goes: false, shared: true }, trust: undefined, backedUp: [] });
    expect(filesIn(project)).toEqual(['.git', 'rcssl.config.json']);
    expect(readdirSync(roots)).toHaveLength(1);
    await project.apply();
    expect(await destroy(project, { sharedRoot: true })).toMatchObject({
      complete: true,
      backedUp: [{ state: 'live' }],
    });
    expect(readdirSync(roots)).toEqual([]);
  });

  test('another configuration in the folder keeps its files, and the root', async () => {
    const project = machine();
    await project.apply();
    project.write('other.json', JSON.stringify({ ...CONFIG, hosts: ['other.test'] }));
    await project.apply({ config: 'other.json' });
    const result = await destroy(project, { config: 'other.json' });
    expect(result.removed.map((path) => path.split('/').at(-1)).sort()).toEqual(
      ['crt', 'csr', 'fullchain.pem', 'key'].map((ending) => `other.test.${ending}`),
    );
    expect(result.ca).toMatchObject({ goes: false });
    expect(summary(await project.plan())).toEqual([]);
  });

  test('asks before anything; a no, or nobody there, changes nothing', async () => {
    const project = machine();
    await project.apply();
    const before = project.snapshot();
    await expect(destroy(project, { confirm: () => Promise.resolve(false) })).rejects.toThrow(/nothing was removed/);
    const words = ['destroy', '--store', 'bundle', '--passphrase-env', 'BACKUP'];
    expect(await callCli(project, words)).toMatchObject({ code: 1, err: expect.stringMatching(/nobody is here/) });
    const shown = await callCli(project, [...words, '--dry-run']);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toMatch(/- certs\/root\.key/);
    // No passphrase, no backup: nothing goes.
    const { err } = await callCli(project, ['destroy', '--store', 'bundle', '--yes']);
    expect(err).toMatch(/passphrase of backup/);
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });
});
