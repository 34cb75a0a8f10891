import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { leftovers, mismatches, rootKeys, unverified } from './on-disk.ts';
import { requireLeave, requireProgram } from './programs.ts';
import { changedFiles, scratchProject } from './project.ts';
import { essential, expectRefused, expectWhole, HOSTS, named, rcssl, setOf, shell, SMALL } from './suffering.ts';
import { watchPairs } from './watch.ts';

/** What a machine may do to an apply, on the built command: others at work, a disk that is full, clocks. */

const posix = process.platform !== 'win32';

describe('several at once', () => {
  test.for([2, 10, 50])('%i applies end with one set', async (count) => {
    const project = scratchProject(SMALL);
    const all = await Promise.all(Array.from({ length: count }, () => rcssl(project, ['apply', '--json'])));
    expect(all.filter(({ code }) => code !== 0)).toEqual([]);
    const done = all.map(({ stdout }) => (JSON.parse(stdout) as { done: unknown[] }).done.length);
    expect(done.filter((n) => n > 0)).toEqual([10]);
    await expectWhole(project);
    expect(existsSync(project.path('.rcssl/archive'))).toBe(false);
  });

  test('ten that all replace the root: each does, no pair is mixed, every earlier key is kept', async () => {
    const project = scratchProject(SMALL);
    const watched = watchPairs([setOf(project)]);
    const force = ['apply', '--force', 'ca:Test Root', '--replace-root'];
    const all = await Promise.all(Array.from({ length: 10 }, () => rcssl(project, force)));
    expect(all.map(({ code }) => code)).toEqual(Array(10).fill(0));
    expect((await watched()).mismatches).toEqual([]);
    await expectWhole(project);
    expect(rootKeys(setOf(project)).size).toBe(10);
  });

  test('two projects that replace the root that they share, at once and again and again', async () => {
    const shared = { ca: { name: 'Test Root', key: 'ecdsa-p256' }, defaults: { key: 'ecdsa-p256' }, hosts: HOSTS };
    const project = scratchProject(shared);
    const other = { folder: join(project.folder, '../other') };
    mkdirSync(join(other.folder, '.git'), { recursive: true });
    project.write('../other/rcssl.config.json', JSON.stringify(shared));
    expect(await rcssl(project, ['apply'])).toMatchObject({ code: 0 });
    const force = ['apply', '--force', 'ca:Test Root', '--replace-root'];
    const all = await Promise.all([project, other, project, other].map((one) => rcssl(one, force)));
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const roots = project.path('../data/rcssl/roots');
    const [name = ''] = readdirSync(roots);
    const root = { key: join(roots, name, 'root.key'), certs: [join(roots, name, 'root.crt')] };
    for (const one of [project, other]) {
      expect(await rcssl(one, ['apply'])).toMatchObject({ code: 0 });
      const set = { ...setOf({ ...project, folder: one.folder }), root };
      expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
      expect(rootKeys(set).size).toBe(5);
    }
  });
});

/** Why no disk can be mounted here: that takes root, and a container may forbid it. Undefined where it can. */
function mountRefused(): string | undefined {
  const script = 'd=$(mktemp -d) && mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"; s=$?; rmdir "$d"; exit $s';
  const { status, error, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  return status === 0 ? undefined : `mount: ${error?.message ?? stderr.trim()}`;
}

describe.skipIf(process.platform !== 'linux')('a disk that fills up', () => {
  requireLeave(mountRefused());

  test('or becomes read-only costs nothing of the old set, and the apply goes on once there is room', async () => {
    const project = scratchProject();
    const many = Array.from({ length: 40 }, (_, index) => `h${index}.test`);
    const mounted = (...words: string[]) => spawnSync('mount', [...words, project.folder], { encoding: 'utf8' });
    onTestFinished(() => void spawnSync('umount', ['-l', project.folder]));
    expect(mounted('-t', 'tmpfs', '-o', 'size=160k', 'tmpfs')).toMatchObject({ status: 0, stderr: '' });
    mkdirSync(project.path('.git'));
    project.configure(SMALL);
    expect(await rcssl(project, ['apply'])).toMatchObject({ code: 0 });
    const before = project.snapshot();
    project.configure(named(...HOSTS, ...many));
    expectRefused(await rcssl(project, ['apply']), /ENOSPC/);
    expect(essential(changedFiles(before, project.snapshot()))).toEqual([]);
    expect(leftovers(setOf(project))).toEqual([]);
    expect(mounted('-o', 'remount,size=8m').status).toBe(0);
    expect(await rcssl(project, ['apply'])).toMatchObject({ code: 0 });
    await expectWhole(project, [...HOSTS, ...many]);
    expect(mounted('-o', 'remount,ro').status).toBe(0);
    expect((await rcssl(project, ['apply'])).stdout).toMatch(/^nothing to do/);
    expectRefused(await rcssl(project, ['apply', '--force', 'app.test']), /EROFS/);
  });
});

describe.skipIf(!posix)('open files', () => {
  test('that are too few for 300 hosts are an error, and the disk is as it was', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `h${index}.test`);
    const project = scratchProject(named(...many));
    // Node itself has twenty.
    expectRefused(await shell(project, 'ulimit -n 64; exec $RCSSL apply'), /EMFILE/);
    expect(existsSync(project.path('certs'))).toBe(false);
    expect(leftovers(setOf(project))).toEqual([]);
    expect(await shell(project, 'ulimit -n 128; exec $RCSSL apply')).toMatchObject({ code: 0 });
    await expectWhole(project, many);
  });
});

describe('a clock', () => {
  requireProgram('faketime');
  const at = (clock: string) => ({
    before: ['faketime', '-f', clock],
    env: { DONT_FAKE_MONOTONIC: '1', NO_FAKE_STAT: '1' },
  });

  test('ten years ahead leaves certificates from the future: told each time, and issued anew by nobody', async () => {
    const project = scratchProject(SMALL);
    expect(await rcssl(project, ['apply'], at('+3653d'))).toMatchObject({ code: 0 });
    const before = project.snapshot();
    for (const command of ['apply', 'check', 'apply']) {
      const { code, stdout, stderr } = await rcssl(project, [command]);
      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(/not valid (?:yet|before)|valid from/);
      expect(stderr).not.toMatch(/^ +at /m);
    }
    expect(essential(changedFiles(before, project.snapshot()))).toEqual([]);
    expect(await rcssl(project, ['check'], at('+3653d'))).toMatchObject({ code: 0 });
  });

  test.for(['+1h', '-1h'])('of another machine (%s) changes nothing', async (clock) => {
    const project = scratchProject(SMALL);
    expect(await rcssl(project, ['apply'], at(clock))).toMatchObject({ code: 0 });
    expect((await rcssl(project, ['apply'])).stdout).toMatch(/^nothing to do/);
  });

  test('ten years behind costs one renewal, and the root its key is left', async () => {
    const project = scratchProject(SMALL);
    expect(await rcssl(project, ['apply'], at('-3653d'))).toMatchObject({ code: 0 });
    const keys = rootKeys(setOf(project));
    expect(await rcssl(project, ['apply'])).toMatchObject({ code: 0 });
    expect(rootKeys(setOf(project))).toEqual(keys);
    expect((await rcssl(project, ['apply'])).stdout).toMatch(/^nothing to do/);
    await expectWhole(project);
  });

  test.for(['Pacific/Kiritimati', 'America/St_Johns', 'Pacific/Niue'])('in %s, on a leap day', async (TZ) => {
    const project = scratchProject(SMALL);
    const until = Math.round((Date.UTC(2028, 1, 29, 11) - Date.now()) / 1000);
    const { before, env } = at(`+${until}s`);
    const inZone = (zone: string) => rcssl(project, ['apply'], { before, env: { ...env, TZ: zone } });
    expect(await inZone(TZ)).toMatchObject({ code: 0, stderr: '' });
    for (const zone of [TZ, 'UTC']) {
      const again = { code: 0, stdout: expect.stringMatching(/^nothing to do/) as string, stderr: '' };
      expect(await inZone(zone)).toMatchObject(again);
    }
    const set = setOf(project);
    expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  });
});
