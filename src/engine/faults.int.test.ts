import { existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import type { Disk, Files } from '../kernel/ports.ts';
import { hostPair, leftovers, mismatches, publicKeyOf, unverified, type DiskSet } from '../testing/on-disk.ts';
import { scratchProject, summary, type ScratchProject } from '../testing/project.ts';

/* Others change the disk while an apply is at work: another apply, `git clean`, a branch that is switched. */

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'ca/root.key', cert: 'ca/root.crt' } };
const config = (...hosts: string[]) => ({ ca: CA, defaults: { key: 'ecdsa-p256' }, hosts });

/** Two hosts are there, and a third is to come. */
async function twoOfThree(): Promise<ScratchProject> {
  const project = scratchProject(config('a.test', 'b.test'));
  await project.apply();
  project.configure(config('a.test', 'b.test', 'c.test'));
  return project;
}

function setOf({ folder }: ScratchProject, ...names: string[]): DiskSet {
  const root = { key: join(folder, CA.output.key), certs: [join(folder, CA.output.cert)] };
  return { base: join(folder, '..'), root, hosts: names.map((name) => hostPair(folder, name)) };
}

/** Runs something once, before the first operation of a kind on a path. */
function meanwhile(
  { world }: ScratchProject,
  isMoment: (operation: 'create' | 'rename', path: string) => boolean,
  act: () => void,
): void {
  let done = false;
  const look = (operation: 'create' | 'rename', path: string): void => {
    if (done || !isMoment(operation, path)) return;
    done = true;
    act();
  };
  const { disk } = world;
  const watched: Disk = {
    ...disk,
    createFile(path, ...file) {
      look('create', path);
      return disk.createFile(path, ...file);
    },
    rename(from, to) {
      look('rename', to);
      disk.rename(from, to);
    },
  };
  Object.assign(world, { disk: watched });
}

async function codesOf(run: Promise<unknown>): Promise<string[]> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) return [];
  expect(error).toBeInstanceOf(RcsslError);
  return [...new Set((error as RcsslError).diagnostics.map(({ code }) => code))];
}

/** The next apply puts everything right, and the root is the one that it was. */
async function heals(project: ScratchProject, root: readonly string[]): Promise<void> {
  await project.apply();
  const set = setOf(project, 'a.test', 'b.test', 'c.test');
  expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  expect(publicKeyOf(set.root.key)).toEqual(root);
  expect((await project.plan()).complete).toBe(true);
}

describe('a folder that vanishes', () => {
  it.each([
    ['between plan and apply', 'certs', ['apply-incomplete']],
    ['with the lock', '.rcssl', ['write-failed']],
  ])('%s is told of, and made anew', async (_, name, codes) => {
    const project = await twoOfThree();
    const root = publicKeyOf(project.path(CA.output.key));
    const run = project.apply({ onPlan: () => project.remove(name) });
    expect(await codesOf(run)).toEqual(codes);
    await heals(project, root);
  });

  it('with the key that was to sign is an error with its place, and nothing is written', async () => {
    const project = await twoOfThree();
    const root = publicKeyOf(project.path(CA.output.key));
    const away = (): void => renameSync(project.path('ca'), project.path('elsewhere'));
    expect(await codesOf(project.apply({ onPlan: away }))).toEqual(['key-unreadable']);
    expect(existsSync(project.path('certs/c.test.key'))).toBe(false);
    renameSync(project.path('elsewhere'), project.path('ca'));
    await heals(project, root);
  });

  it('with the whole project is an error, and none of it comes back', async () => {
    const project = await twoOfThree();
    const run = project.apply({ onPlan: () => rmSync(project.folder, { recursive: true }) });
    expect(await codesOf(run)).toEqual(['key-unreadable']);
    expect(existsSync(project.folder)).toBe(false);
  });

  it('while files are staged in it leaves no half of anything', async () => {
    const project = await twoOfThree();
    const root = publicKeyOf(project.path(CA.output.key));
    meanwhile(
      project,
      (operation, path) => operation === 'create' && path.startsWith(project.path('certs')),
      () => project.remove('certs'),
    );
    expect(await codesOf(project.apply())).toEqual(['write-failed']);
    expect(leftovers(setOf(project))).toEqual([]);
    await heals(project, root);
  });

  it('while files take their places in it is told of, and the next apply makes them anew', async () => {
    const project = await twoOfThree();
    const root = publicKeyOf(project.path(CA.output.key));
    meanwhile(
      project,
      (operation, path) => operation === 'rename' && path === project.path('certs/c.test.key'),
      () => project.remove('certs'),
    );
    expect(await codesOf(project.apply())).toEqual(['write-unfinished']);
    await heals(project, root);
  });
});

describe.skipIf(process.platform === 'win32')('a link out of the project', () => {
  it.each([
    ['the folder of keys', 'certs', []],
    ['the archive', '.rcssl/archive', ['ca:Test Root']],
  ])('that takes the place of %s while an apply is at work gets no key', async (_, name, force) => {
    const project = await twoOfThree();
    const root = publicKeyOf(project.path(CA.output.key));
    const elsewhere = join(project.folder, '../elsewhere');
    mkdirSync(elsewhere);
    const swap = (): void => {
      rmSync(project.path(name), { recursive: true, force: true });
      symlinkSync(elsewhere, project.path(name));
    };
    expect(await codesOf(project.apply({ force, replaceRoot: true, onPlan: swap }))).toEqual(['key-link']);
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(project.path(name));
    await heals(project, root);
  });
});

describe('another apply that is at work', () => {
  it('is not taken for a root that is lost, though its key is not there yet and its certificate is', async () => {
    const project = await twoOfThree();
    const { files } = project.world;
    const key = project.path(CA.output.key);
    // Whoever waits for the lock sees it.
    const entry: Files['entry'] = (path) =>
      path === key && !existsSync(project.path('.rcssl/lock')) ? undefined : files.entry(path);
    Object.assign(project.world, { files: { ...files, entry } });
    expect((await project.plan()).plan.ca.replacesRoot).toBe(true);
    const { done } = await project.apply();
    expect(new Set(done.map((action) => action.kind !== 'remove' && action.target.owner))).toEqual(
      new Set(['host:c.test']),
    );
  });
});

describe('a path', () => {
  it('that is too long for the disk is blocked, and told of', async () => {
    const output = { key: `certs/${'k'.repeat(256)}.key`, cert: 'certs/c.test.crt' };
    const project = await twoOfThree();
    project.configure({ ...config('a.test', 'b.test'), hosts: ['a.test', 'b.test', { name: 'c.test', output }] });
    expect(summary(await project.plan())).toContain('blocked key host:c.test: unreadable');
    expect((await project.apply()).complete).toBe(false);
    expect(existsSync(project.path('certs/c.test.crt'))).toBe(false);
    // That of a long name is shortened.
    const label = 'a'.repeat(63);
    project.configure(config('a.test', 'b.test', `${label}.${label}.${label}.${'a'.repeat(56)}.test`));
    expect((await project.apply()).complete).toBe(true);
  });

  it('that is one file with another by a hard link gets its own, and neither is written through the other', async () => {
    const project = await twoOfThree();
    const root = publicKeyOf(project.path(CA.output.key));
    const other = project.read('certs/a.test.key');
    project.remove('certs/b.test.key');
    linkSync(project.path('certs/a.test.key'), project.path('certs/b.test.key'));
    await heals(project, root);
    expect(project.read('certs/a.test.key')).toBe(other);
    expect(project.read('certs/b.test.key')).not.toBe(other);
  });
});
