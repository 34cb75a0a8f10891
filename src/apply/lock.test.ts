import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeDisk } from '../platform/node-disk.ts';
import { nodeFiles } from '../platform/node-files.ts';
import { withLocks } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rcssl-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const world = (alive: boolean) => ({
  disk: nodeDisk,
  files: nodeFiles,
  process: { id: 1000, host: 'here', isAlive: () => alive },
});
const none = { signal: undefined };

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
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

it('breaks the lock of a process that is gone, not that of another machine', async () => {
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 7, host: 'here' }));
  expect(await withLocks(world(false), [folder], none, async () => 'ran')).toBe('ran');
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: 7, host: 'elsewhere' }));
  const waited: number[] = [];
  const abort = new AbortController();
  const onWait = (pid: number) => {
    waited.push(pid);
    abort.abort(new Error('stop'));
  };
  await expect(withLocks(world(false), [folder], { signal: abort.signal, onWait }, async () => 'ran')).rejects.toThrow(
    'stop',
  );
  expect(waited).toEqual([7]);
});

it('gives the lock back when the run fails', async () => {
  await expect(withLocks(world(true), [folder], none, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});
