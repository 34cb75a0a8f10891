import { chmodSync, chownSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { requireProgram } from './programs.ts';
import { changedFiles, scratchProject, type ScratchProject } from './project.ts';
import {
  essential,
  expectRefused,
  expectWhole,
  HOSTS,
  named,
  rcssl,
  shell,
  SMALL,
  type Variables,
} from './suffering.ts';
import { environment, type Ran } from './transcript.ts';

/** What a machine may refuse to the built command: a lock, rights. */

const posix = process.platform !== 'win32';
const isRoot = process.getuid?.() === 0;

test('--no-wait fails at once while another is at work', async () => {
  const project = scratchProject(SMALL);
  mkdirSync(project.path('.rcssl'));
  const { process: me } = project.world;
  project.write('.rcssl/lock', JSON.stringify({ pid: me.id, host: me.host, token: 'x', start: me.start }));
  expectRefused(await rcssl(project, ['apply', '--no-wait']), /held by process/);
  expect(existsSync(project.path('certs'))).toBe(false);
});

test.skipIf(!posix)('modes are exact whatever the umask', async () => {
  const project = scratchProject(SMALL);
  const mode = (name: string): string => (statSync(project.path(name)).mode & 0o7777).toString(8);
  const names = ['certs', 'certs/root.key', 'certs/root.crt', 'certs/app.test.key', 'certs/app.test.crt', '.rcssl'];
  for (const umask of ['000', '077']) {
    expect(await shell(project, `umask ${umask}; exec $RCSSL apply`)).toMatchObject({ code: 0 });
    expect(names.map(mode)).toEqual(['700', '600', '644', '600', '644', '700']);
    expect(mode('.rcssl/manifest.json')).toBe('600');
    for (const name of ['certs', '.rcssl']) project.remove(name);
  }
});

describe.skipIf(process.platform !== 'linux')('a user who may not', () => {
  requireProgram('setpriv');
  // Root without its capabilities is a user like any other, and can still read this package wherever it lies.
  const before = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
  const asUser = (project: ScratchProject, env: Variables = {}): Promise<Ran> =>
    rcssl(project, ['apply'], { before, env });

  test('write into a folder: nothing is changed, and it goes on once he may', async () => {
    const project = scratchProject(SMALL);
    await project.apply();
    const untouched = project.snapshot();
    chmodSync(project.path('certs'), 0o500);
    project.configure(named(...HOSTS, 'new.test'));
    expectRefused(await asUser(project), /certs.*EACCES/);
    expect(essential(changedFiles(untouched, project.snapshot()))).toEqual([]);
    chmodSync(project.path('certs'), 0o700);
    expect(await asUser(project)).toMatchObject({ code: 0 });
    await expectWhole(project, [...HOSTS, 'new.test']);
  });

  test('write into the project at all', async () => {
    const project = scratchProject(SMALL);
    chmodSync(project.folder, 0o500);
    const untouched = project.snapshot();
    expectRefused(await asUser(project), /EACCES/);
    expect(essential(changedFiles(untouched, project.snapshot()))).toEqual([]);
    chmodSync(project.folder, 0o700);
  });

  test('write into his home: that matters where the root is to lie there, and nowhere else', async () => {
    const project = scratchProject({ ...SMALL, ca: { name: 'Test Root', key: 'ecdsa-p256' } });
    const { HOME: home = '' } = environment(project.folder);
    const inHome = { XDG_DATA_HOME: '', XDG_CACHE_HOME: '' };
    chmodSync(home, 0o500);
    expectRefused(await asUser(project, inHome), /home.*EACCES/);
    expect(existsSync(project.path('certs'))).toBe(false);
    project.configure(SMALL);
    expect(await asUser(project, inHome)).toMatchObject({ code: 0, stderr: '' });
    await expectWhole(project);
    chmodSync(home, 0o700);
  });

  test.skipIf(!isRoot)('read a key that is of another: it stays as it is', async () => {
    const project = scratchProject(SMALL);
    await project.apply();
    for (const name of ['certs/root.key', 'certs/app.test.key']) {
      const key = project.read(name);
      chownSync(project.path(name), 65_534, 65_534);
      expectRefused(await asUser(project), /EACCES/);
      expect(project.read(name)).toBe(key);
      chownSync(project.path(name), 0, 0);
    }
    await expectWhole(project);
  });
});
