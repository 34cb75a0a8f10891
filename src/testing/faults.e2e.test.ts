import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, linkSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bin } from './built.ts';
import { hostPair, leftovers, mismatches, unverified, type DiskSet } from './on-disk.ts';
import { requireProgram } from './programs.ts';
import { changedFiles, scratchProject, type ScratchProject } from './project.ts';
import { environment, run, type Ran } from './transcript.ts';

/** What a machine may do to an apply, on the built command: others at work, a disk that is full, rights that are not there. */

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } };
const named = (names: readonly string[]) => ({ ca: CA, defaults: { key: 'ecdsa-p256' }, hosts: names });
const HOSTS = ['app.test', 'api.test'];
const SMALL = named(HOSTS);

const env = ({ folder }: ScratchProject) => environment(folder);
const rcssl = (project: ScratchProject, ...args: string[]): Promise<Ran> =>
  run([process.execPath, bin, ...args], { cwd: project.folder, env: env(project) });
/** `$RCSSL` in a script is the built command. */
const shell = (project: ScratchProject, script: string, more: Record<string, string> = {}): Promise<Ran> =>
  run(['bash', '-c', script], {
    cwd: project.folder,
    env: { ...env(project), RCSSL: `${process.execPath} ${bin}`, ...more },
  });

function setOf(project: ScratchProject, hosts: readonly string[] = HOSTS): DiskSet {
  const root = { key: project.path(CA.output.key), certs: [project.path(CA.output.cert)] };
  return { base: join(project.folder, '..'), root, hosts: hosts.map((name) => hostPair(project.folder, name)) };
}

/** One set, whole, with nothing beside it. */
async function expectWhole(project: ScratchProject, hosts?: readonly string[]): Promise<void> {
  const set = setOf(project, hosts);
  expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  expect(await rcssl(project, 'check')).toMatchObject({ code: 0 });
}

/** A coded diagnostic and no stack; what it says of the fault is told. */
function expectRefused({ code, stderr }: Ran, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^ +at |this is a bug/m);
  expect(code).toBe(1);
}

const posix = process.platform !== 'win32';
const isRoot = process.getuid?.() === 0;

describe('several at once', () => {
  test.for([2, 10, 50])('%i applies end with one set', async (count) => {
    const project = scratchProject(SMALL);
    const all = await Promise.all(Array.from({ length: count }, () => rcssl(project, 'apply', '--json')));
    expect(all.filter(({ code }) => code !== 0)).toEqual([]);
    const done = all.map(({ stdout }) => (JSON.parse(stdout) as { done: unknown[] }).done.length);
    expect(done.filter((n) => n > 0)).toEqual([10]);
    await expectWhole(project);
    expect(existsSync(project.path('.rcssl/archive'))).toBe(false);
  });

  test('ten that all replace the root: each whole, every earlier key kept', async () => {
    const project = scratchProject(SMALL);
    const force = ['apply', '--force', 'ca:Test Root', '--replace-root'];
    const all = await Promise.all(Array.from({ length: 10 }, () => rcssl(project, ...force)));
    expect(all.map(({ code }) => code)).toEqual(Array(10).fill(0));
    await expectWhole(project);
  });

  test('--no-wait fails at once while another is at work', async () => {
    const project = scratchProject(SMALL);
    mkdirSync(project.path('.rcssl'));
    const { process: me } = project.world;
    project.write('.rcssl/lock', JSON.stringify({ pid: me.id, host: me.host, token: 'x', start: me.start }));
    const began = performance.now();
    expectRefused(await rcssl(project, 'apply', '--no-wait'), /held by process/);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(existsSync(project.path('certs'))).toBe(false);
  });
});

describe.skipIf(!posix)('a disk', () => {
  test('that fills up: nothing of the old set is lost, and it goes on once there is room', async (context) => {
    const project = scratchProject();
    const many = Array.from({ length: 40 }, (_, index) => `h${index}.test`);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160k', 'tmpfs', project.folder], { encoding: 'utf8' });
    if (mount.status !== 0) return context.skip(`not allowed here: mount (${mount.stderr.trim()})`);
    onTestFinished(() => void spawnSync('umount', ['-l', project.folder]));
    mkdirSync(project.path('.git'));
    project.configure(SMALL);
    expect(await rcssl(project, 'apply')).toMatchObject({ code: 0 });
    const before = project.snapshot();
    project.configure(named([...HOSTS, ...many]));
    expectRefused(await rcssl(project, 'apply'), /ENOSPC/);
    expect(changedFiles(before, project.snapshot()).filter((name) => !/config|cache/.test(name))).toEqual([]);
    await run(['mount', '-o', 'remount,size=8m', project.folder], { cwd: '/', env: env(project) });
    expect(await rcssl(project, 'apply')).toMatchObject({ code: 0 });
    await expectWhole(project, [...HOSTS, ...many]);
  });

  test('with 64 open files for 300 hosts', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `h${index}.test`);
    const project = scratchProject(named(many));
    const ran = await shell(project, 'ulimit -n 64; exec $RCSSL apply');
    if (ran.code !== 0) {
      expectRefused(ran, /EMFILE/);
      expect(existsSync(project.path('certs'))).toBe(false);
      expect(await rcssl(project, 'apply')).toMatchObject({ code: 0 });
    }
    await expectWhole(project, many);
  });

  test('with a name that is too long for it', async () => {
    const label = (length: number): string => 'a'.repeat(length);
    const long = `${label(63)}.${label(63)}.${label(63)}.${label(56)}.test`;
    const project = scratchProject(named([long]));
    expectRefused(await rcssl(project, 'apply'), /ENAMETOOLONG/);
    expect(existsSync(project.path('certs'))).toBe(false);
  });

  test('with a folder in the place of a file', async () => {
    const project = scratchProject(SMALL);
    mkdirSync(project.path('certs/app.test.crt'), { recursive: true });
    expect((await rcssl(project, 'apply')).code).toBe(1);
    rmSync(project.path('certs/app.test.crt'), { recursive: true });
    expect(await rcssl(project, 'apply')).toMatchObject({ code: 0 });
    await expectWhole(project);
  });

  test('with two outputs that are one file by a hard link', async () => {
    const project = scratchProject(SMALL);
    await rcssl(project, 'apply');
    rmSync(project.path('certs/api.test.key'));
    linkSync(project.path('certs/app.test.key'), project.path('certs/api.test.key'));
    expect(await rcssl(project, 'apply')).toMatchObject({ code: 0 });
    await expectWhole(project);
  });
});

describe.skipIf(!posix)('modes', () => {
  test.for(['000', '077', '777'])('are exact with the umask %s', async (umask) => {
    const project = scratchProject(SMALL);
    expect(await shell(project, `umask ${umask}; exec $RCSSL apply`)).toMatchObject({ code: 0 });
    const mode = (name: string): string => (statSync(project.path(name)).mode & 0o7777).toString(8);
    const names = ['certs', 'certs/root.key', 'certs/root.crt', 'certs/app.test.key', 'certs/app.test.crt', '.rcssl'];
    expect(names.map(mode)).toEqual(['700', '600', '644', '600', '644', '700']);
    expect(mode('.rcssl/manifest.json')).toBe('600');
  });
});

describe.skipIf(process.platform !== 'linux')('a user who may not', () => {
  requireProgram('setpriv');
  // Root without its capabilities is a user like any other, and can still read this package wherever it lies.
  const plain = isRoot ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
  const asUser = (project: ScratchProject, more: Record<string, string> = {}): Promise<Ran> =>
    run([...plain, process.execPath, bin, 'apply'], { cwd: project.folder, env: { ...env(project), ...more } });

  test('write into a folder: nothing is changed, and it goes on once he may', async () => {
    const project = scratchProject(SMALL);
    await rcssl(project, 'apply');
    const before = project.snapshot();
    chmodSync(project.path('certs'), 0o500);
    project.configure(named([...HOSTS, 'new.test']));
    expectRefused(await asUser(project), /certs.*EACCES/);
    expect(changedFiles(before, project.snapshot()).filter((name) => !/config|cache/.test(name))).toEqual([]);
    chmodSync(project.path('certs'), 0o700);
    expect(await asUser(project)).toMatchObject({ code: 0 });
    await expectWhole(project, [...HOSTS, 'new.test']);
  });

  test('write into the project at all', async () => {
    const project = scratchProject(SMALL);
    chmodSync(project.folder, 0o500);
    const before = project.snapshot();
    expectRefused(await asUser(project), /EACCES/);
    expect(changedFiles(before, project.snapshot()).filter((name) => !name.includes('cache'))).toEqual([]);
    chmodSync(project.folder, 0o700);
  });

  test('write into the home that a root for all projects is to lie in', async () => {
    const project = scratchProject({ ca: { name: 'Test Root', key: 'ecdsa-p256' }, hosts: HOSTS });
    const { HOME: home = '' } = env(project);
    chmodSync(home, 0o500);
    expectRefused(await asUser(project, { XDG_DATA_HOME: '', XDG_CACHE_HOME: '' }), /EACCES/);
    expect(existsSync(project.path('certs'))).toBe(false);
    chmodSync(home, 0o700);
    expect(await asUser(project, { XDG_DATA_HOME: '', XDG_CACHE_HOME: '' })).toMatchObject({ code: 0 });
    expect(existsSync(join(home, '.local/share/rcssl/roots'))).toBe(true);
  });

  test.skipIf(!isRoot)('read a key that is of another', async () => {
    const project = scratchProject(SMALL);
    await rcssl(project, 'apply');
    for (const name of ['certs/root.key', 'certs/app.test.key']) {
      const path = project.path(name);
      const before = project.read(name);
      chownSync(path, 65_534, 65_534);
      const { code, stdout, stderr } = await asUser(project);
      expect(code).toBe(1);
      expect(`${stdout}${stderr}`).not.toMatch(/^ +at |this is a bug/m);
      expect(project.read(name)).toBe(before);
      chownSync(path, 0, 0);
    }
    await expectWhole(project);
  });
});

describe('a time zone', () => {
  test.for(['Pacific/Kiritimati', 'America/St_Johns', 'Pacific/Niue'])('%s is none of its concern', async (TZ) => {
    const project = scratchProject(SMALL);
    const inZone = (zone: string) =>
      run([process.execPath, bin, 'apply'], { cwd: project.folder, env: { ...env(project), TZ: zone } });
    expect(await inZone(TZ)).toMatchObject({ code: 0, stderr: '' });
    for (const zone of [TZ, 'UTC']) expect((await inZone(zone)).stdout).toMatch(/^nothing to do/);
    await expectWhole(project);
  });
});
