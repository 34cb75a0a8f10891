import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callCli } from '../testing/call-cli.ts';
import { changedFiles, scratchProject, summary, type ScratchProject } from '../testing/project.ts';

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const config = (host: object = {}) => ({
  ca: CA,
  defaults: { key: 'ecdsa-p256' },
  hosts: [{ name: 'a.test', layout: 'atomic', ...host }, 'b.test'],
});

async function applied(value: object = config()): Promise<ScratchProject> {
  const project = scratchProject(value);
  await project.apply();
  return project;
}

const LINK = 'certs/a.test';
const version = (project: ScratchProject): string => readlinkSync(project.path(LINK));
const versions = (project: ScratchProject): string[] =>
  readdirSync(project.path('certs')).filter((name) => name.startsWith('.a.test.rcssl-'));
const bytesIn = (folder: string): Map<string, string> =>
  new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));

async function settles(project: ScratchProject): Promise<void> {
  expect(summary(await project.plan())).toEqual([]);
  const before = project.snapshot();
  await project.apply();
  expect(changedFiles(before, project.snapshot())).toEqual([]);
}

describe.skipIf(process.platform === 'win32')('layout atomic', () => {
  it('is a folder of its own for each host, behind a link', async () => {
    const project = await applied();
    expect(version(project)).toMatch(/^\.a\.test\.rcssl-[0-9a-f]{12}$/);
    expect(readdirSync(project.path(LINK))).toEqual(['crt', 'csr', 'fullchain.pem', 'key'].map((it) => `a.test.${it}`));
    expect(lstatSync(project.path(`${LINK}/a.test.key`)).mode & 0o777).toBe(0o600);
    expect(readdirSync(project.path('certs'))).toEqual(expect.arrayContaining(['b.test.key', 'b.test.crt']));
    await settles(project);
  });

  it('changes nothing that a reader may have open: the next version comes to stand beside it', async () => {
    const project = await applied();
    const old = project.path(`certs/${version(project)}`);
    const before = bytesIn(old);
    await project.apply({ force: ['a.test'] });
    expect(bytesIn(old)).toEqual(before);
    const now = bytesIn(project.path(LINK));
    expect([...now.keys()]).toEqual([...before.keys()]);
    for (const [name, bytes] of now) expect(bytes, name).not.toBe(before.get(name));
    await settles(project);
  });

  it('carries along what did not change, whoever put it there', async () => {
    const project = await applied();
    project.write(`${LINK}/notes.txt`, 'mine', 0o640);
    const before = bytesIn(project.path(LINK));
    project.configure(config({ validity: '30d' }));
    await project.apply();
    const now = bytesIn(project.path(LINK));
    const changed = [...now.keys()].filter((name) => now.get(name) !== before.get(name));
    expect(changed).toEqual(['a.test.crt', 'a.test.fullchain.pem']);
    expect(now.get('notes.txt')).toBe('mine');
    expect(lstatSync(project.path(`${LINK}/notes.txt`)).mode & 0o777).toBe(0o640);
    await settles(project);
  });

  it('keeps the version before the present one and no more, and the rights of the folder', async () => {
    const project = await applied(
      config({ output: { key: { path: 'x/a/key', mode: '0640' }, cert: 'x/a/c', csr: false, fullchain: false } }),
    );
    await project.apply({ force: ['a.test'] });
    const second = readlinkSync(project.path('x/a'));
    await project.apply({ force: ['a.test'] });
    expect(readdirSync(project.path('x')).sort()).toEqual([second, readlinkSync(project.path('x/a')), 'a'].sort());
    await settles(project);
  });

  it('is made with the rights that are declared for outDir, which has them too', async () => {
    const project = await applied({ ...config(), outDir: { path: 'certs', mode: '0750' } });
    for (const folder of ['certs', `certs/${version(project)}`]) {
      expect(lstatSync(project.path(folder)).mode & 0o777, folder).toBe(0o750);
    }
    await settles(project);
  });

  it('takes keys along from the files of an earlier configuration, and back', async () => {
    const project = await applied(config({ layout: 'files' }));
    const key = project.read('certs/a.test.key');
    project.configure(config());
    expect(summary(await project.plan({ prune: true }))).toContain('rewrite key host:a.test: moved');
    await project.apply({ prune: true });
    expect(project.read(`${LINK}/a.test.key`)).toBe(key);
    await settles(project);
    project.configure(config({ layout: 'files' }));
    await project.apply({ prune: true });
    expect(project.read('certs/a.test.key')).toBe(key);
    expect(versions(project)).toEqual([]);
    expect(readdirSync(project.path('certs'))).not.toContain('a.test');
    await settles(project);
  });

  it('goes whole when its host does: no version with its key stays', async () => {
    const project = await applied();
    for (let run = 0; run < 2; run++) await project.apply({ force: ['a.test'] });
    project.configure({ ...config(), hosts: ['b.test'] });
    await project.apply({ prune: true });
    expect(versions(project)).toEqual([]);
    expect(readdirSync(project.path('certs'))).not.toContain('a.test');
    await settles(project);
  });

  it('leaves what somebody else put there when its host goes', async () => {
    const project = await applied();
    project.write(`${LINK}/notes.txt`, 'mine');
    project.configure({ ...config(), hosts: ['b.test'] });
    await project.apply({ prune: true });
    expect(readdirSync(project.path(LINK))).toEqual(['notes.txt']);
    await settles(project);
  });

  it('is made anew where its versions were taken away', async () => {
    const project = await applied();
    project.remove(`certs/${version(project)}`);
    await project.apply();
    await settles(project);
  });

  it('has no rights for others where its versions are gone, or were made with too many', async () => {
    const project = await applied();
    project.remove(`certs/${version(project)}`);
    await project.apply();
    const mode = () => lstatSync(project.path(`certs/${version(project)}`)).mode & 0o777;
    expect(mode()).toBe(0o700);
    chmodSync(project.path(`certs/${version(project)}`), 0o777);
    await project.apply({ force: ['a.test'] });
    expect(mode()).toBe(0o775);
  });

  it("takes nothing of somebody else's away with an earlier version, nor anything where no version counts", async () => {
    const project = await applied();
    const [first] = versions(project);
    project.write(`certs/${first}/mine.txt`, 'mine');
    await project.apply({ force: ['a.test'] });
    project.write(`certs/${first}/late.txt`, 'mine too');
    project.write(`certs/${first}/large.bin`, Buffer.alloc(5 * 1024 * 1024));
    await project.apply({ force: ['a.test'] });
    expect(readdirSync(project.path(`certs/${first}`))).toEqual(['large.bin', 'late.txt']);
    expect(project.read(`${LINK}/mine.txt`)).toBe('mine');
    project.remove(LINK);
    const before = versions(project);
    await project.apply();
    expect(versions(project)).toEqual(expect.arrayContaining(before));
    await settles(project);
  });

  it('drops a file that nothing declares any more with --prune, and not before', async () => {
    const project = await applied();
    project.configure(config({ output: { csr: false } }));
    await project.apply({ force: ['a.test'] });
    expect(readdirSync(project.path(LINK))).toContain('a.test.csr');
    await project.apply({ force: ['a.test'], prune: true });
    expect(readdirSync(project.path(LINK))).not.toContain('a.test.csr');
    await settles(project);
  });

  describe('is blocked, with the way out, where its link cannot be', () => {
    const blocked = async (project: ScratchProject, words: string): Promise<void> => {
      const before = project.snapshot();
      const { code, err } = await callCli(project, ['apply', '--force', 'a.test']);
      expect(code).toBe(1);
      expect(err).toContain(words);
      expect(changedFiles(before, project.snapshot()).filter((name) => name.includes('a.test'))).toEqual([]);
    };

    it('a folder', async () => {
      const project = await applied();
      const real = project.path(`certs/${version(project)}`);
      project.remove(LINK);
      renameSync(real, project.path(LINK));
      await blocked(project, 'certs/a.test is a folder, and layout atomic switches a link there');
      // The way out that is shown keeps the key.
      const { err } = await callCli(project, ['apply']);
      const [, command = ''] = /hint: (mv .*) keeps what is in it/.exec(err) ?? [];
      const key = project.read(`${LINK}/a.test.key`);
      execFileSync('sh', ['-c', command], { cwd: project.folder });
      await settles(project);
      expect(project.read(`${LINK}/a.test.key`)).toBe(key);
    });

    it('a link of somebody else', async () => {
      const project = await applied();
      project.remove(LINK);
      mkdirSync(project.path('elsewhere'));
      symlinkSync('../elsewhere', project.path(LINK));
      await blocked(project, 'certs/a.test is a link to ../elsewhere, and layout atomic');
    });

    it('a version that is a file, or a link', async () => {
      const project = await applied();
      const name = version(project);
      renameSync(project.path(`certs/${name}`), project.path('aside'));
      project.write(`certs/${name}`, '');
      await blocked(project, 'certs/a.test leads to a file, and layout atomic');
      project.remove(`certs/${name}`);
      symlinkSync('../aside', project.path(`certs/${name}`));
      await blocked(project, 'certs/a.test leads to a link, and layout atomic');
    });

    it('a file that is too large to be carried along', async () => {
      const project = await applied();
      project.write(`${LINK}/dump.bin`, Buffer.alloc(5 * 1024 * 1024));
      await blocked(project, 'certs/a.test holds a file of over 4 MiB, dump.bin');
    });

    it('a folder within', async () => {
      const project = await applied();
      mkdirSync(project.path(`${LINK}/logs`));
      await blocked(project, 'certs/a.test holds a folder, logs, and layout atomic');
    });
  });
});
