import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeDisk } from '../platform/node-disk.ts';
import { nodeFiles } from '../platform/node-files.ts';
import { withLocks, type LockOptions } from './lock.ts';

let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rcssl-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const world = (alive: boolean) => ({
  disk: nodeDisk,
  files: nodeFiles,
  process: { id: 1000, host: 'here', start: '50', isAlive: () => alive },
});
const none = { signal: undefined };
const held = (holder: object) => writeFileSync(lock, JSON.stringify(holder));

/** Who is waited for, when the wait is given up at once. */
async function waitedFor(alive: boolean): Promise<unknown[]> {
  const waited: unknown[] = [];
  const abort = new AbortController();
  const onWait: LockOptions['onWait'] = (pid, { host, path }) => {
    waited.push(pid, host, path);
    abort.abort(new Error('stop'));
  };
  const run = withLocks(world(alive), [folder], { signal: abort.signal, onWait }, async () => 'ran');
  await expect(run).rejects.toThrow('stop');
  return waited;
}

it('lets one run at a time, and leaves nothing behind', async () => {
  const log: string[] = [];
  const run = (name: string) =>
    withLocks(world(true), [folder], none, async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      log.push(`${name} ends`);
    });
  await Promise.all([run('a'), run('b')]);
  expect(
    log.filter((_, index) => index % 2 === 1).every((line, index) => line.startsWith(log[index * 2]?.[0] ?? '?')),
  ).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
});

it('gives the lock back when the run fails', async () => {
  await expect(withLocks(world(true), [folder], none, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});

it('leaves a lock that is no longer its own', async () => {
  const other = JSON.stringify({ pid: 7, host: 'here', token: 'other' });
  await withLocks(world(true), [folder], none, async () => writeFileSync(lock, other));
  expect(readFileSync(lock, 'utf8')).toBe(other);
});

describe('a lock that was left', () => {
  it.each([
    ['of a process that is gone', { pid: 7, host: 'here', token: 'x', start: '50' }],
    ['of an earlier process with the id of this one', { pid: 1000, host: 'here', token: 'x', start: '49' }],
    ['that does not say when its process began', { pid: 1000, host: 'here' }],
  ])('is broken: %s', async (_, holder) => {
    held(holder);
    // One that was breaking it was killed at that.
    writeFileSync(`${lock}.break`, JSON.stringify(holder));
    expect(await withLocks(world(false), [folder], none, async () => 'ran')).toBe('ran');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not broken, but told of, when it is of another machine', async () => {
    held({ pid: 7, host: 'elsewhere' });
    expect(await waitedFor(false)).toEqual([7, 'elsewhere', lock]);
  });

  it('is not broken while this very process holds it elsewhere, as in a worker', async () => {
    held({ pid: 1000, host: 'here', token: 'x', start: '50' });
    expect(await waitedFor(true)).toEqual([1000, 'here', lock]);
  });

  it.each(['', '{"pid":7,"ho', '{}', 'null'])('is broken after ten seconds when it says only %j', async (text) => {
    writeFileSync(lock, text);
    vi.useFakeTimers();
    try {
      let ran = false;
      const run = withLocks(world(true), [folder], none, async () => {
        ran = true;
      });
      await vi.advanceTimersByTimeAsync(9900);
      expect(ran).toBe(false);
      await vi.advanceTimersByTimeAsync(200);
      await run;
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is waited for when it is but being written', async () => {
    writeFileSync(lock, '');
    setTimeout(() => held({ pid: 7, host: 'here' }), 20);
    expect(await waitedFor(true)).toEqual([7, 'here', lock]);
  });
});

/** A process that tries for the lock at each line it reads, and says whether it was alone; its waits are shorter. */
const CONTENDER = `
import { closeSync, openSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
const [{ withLocks }, { nodeDisk }, { nodeFiles }] = await Promise.all(
  ['lock.ts', '../platform/node-disk.ts', '../platform/node-files.ts'].map((name) => import(new URL(name, BASE))));
const { setTimeout } = globalThis;
globalThis.setTimeout = (run, time) => setTimeout(run, time / 50);
// Whoever has seen that the holder is gone is held up for a while, as by a busy machine.
const isAlive = (pid) => {
  for (const end = performance.now() + Math.random() * 2; pid === 1 && performance.now() < end;);
  return pid !== 1;
};
const world = { disk: nodeDisk, files: nodeFiles, process: { id: process.pid, host: 'here', start: 'x', isAlive } };
console.log('ready');
for await (const folder of createInterface(process.stdin)) {
  const alone = await withLocks(world, [folder + '/state'], { signal: undefined }, async () => {
    try {
      closeSync(openSync(folder + '/inside', 'wx'));
    } catch {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
    rmSync(folder + '/inside');
    return true;
  });
  console.log(alone ? 'alone' : 'overlap');
}`.replace('BASE', JSON.stringify(import.meta.url));

it('is never held by two processes that find one left lock at once', async () => {
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', CONTENDER], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  const said = children.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
  const answers = () => Promise.all(said.map(async (lines) => (await lines.next()).value as string | undefined));
  try {
    expect(await answers()).toEqual(Array(4).fill('ready'));
    nodeDisk.makeFolder(join(folder, 'state'), 0o700);
    lock = join(folder, 'state/lock');
    for (let round = 0; round < 25; round++) {
      held({ pid: 1, host: 'here', token: `${round}` });
      for (const { stdin } of children) stdin.write(`${folder}\n`);
      expect(await answers()).toEqual(Array(4).fill('alone'));
    }
    expect(readdirSync(folder, { recursive: true })).toEqual(['state']);
  } finally {
    for (const child of children) child.kill();
  }
});

it('that cannot be written is an error with its place, though the system names none', async () => {
  const createFile = () => Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
  const full = { ...world(true), disk: { ...nodeDisk, createFile } };
  await expect(withLocks(full, [folder], none, async () => 'ran')).rejects.toMatchObject({
    diagnostics: [{ code: 'write-failed', place: { file: lock }, args: { why: 'ENOSPC' } }],
  });
});

it('that is held is an error at once where nobody wants to wait', async () => {
  held({ pid: 4711, host: 'here', start: '7' });
  await expect(withLocks(world(true), [folder], { ...none, noWait: true }, async () => 'ran')).rejects.toMatchObject({
    diagnostics: [{ code: 'lock-held', args: { pid: 4711, host: 'here' } }],
  });
});
