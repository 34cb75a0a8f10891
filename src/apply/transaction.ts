import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Disk } from '../kernel/ports.ts';
import type { Unit, Write } from './types.ts';

export interface Transaction {
  /** In the order of execution: the root before what it signed. */
  readonly units: readonly Unit[];
  /** Removed last. */
  readonly removes: readonly string[];
  /** Waits until everything is on the disk. */
  readonly durable: boolean;
  readonly signal: AbortSignal | undefined;
}

interface Staged extends Write {
  readonly temporary: string;
}

/**
 * Every new file is written beside its place first, complete and with its final mode; only then are they renamed, unit
 * by unit. Until the first rename an error or an abort leaves the disk as it was; after it the rest is carried through.
 */
export async function commit(disk: Disk, { units, removes, durable, signal }: Transaction): Promise<void> {
  const id = randomBytes(6).toString('hex');
  const staged = new Map<Write, Staged>();
  const writes = units.flatMap((unit) => unit.writes);
  const modes = new Map<string, number>();
  for (const { path, folderMode } of writes) {
    const folder = dirname(path);
    modes.set(folder, (modes.get(folder) ?? folderMode) & folderMode);
  }
  const folders = new Set<string>();
  const made: string[] = [];
  const stage = async (write: Write): Promise<void> => {
    signal?.throwIfAborted();
    const folder = dirname(write.path);
    const mode = modes.get(folder) ?? write.folderMode;
    if (!folders.has(folder)) made.push(...attempt(folder, () => disk.makeFolder(folder, mode, write.folderGid)));
    folders.add(folder);
    const temporary = join(folder, `.${basename(write.path)}.rcssl-${id}`);
    await disk.createFile(temporary, write, durable).catch((error: unknown) => systemError(write.path, error));
    staged.set(write, { ...write, temporary });
  };
  // All of them end before any is taken away again: none may turn up later.
  const results = await Promise.allSettled(writes.map(stage));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed || signal?.aborted) {
    for (const { temporary } of staged.values()) disk.remove(temporary);
    throw failed ? failed.reason : signal?.reason;
  }
  for (const { clear, writes: ordered } of units) {
    for (const path of clear) attempt(path, () => disk.remove(path));
    for (const write of ordered) {
      const { temporary, path } = staged.get(write) as Staged;
      attempt(path, () => disk.rename(temporary, path));
    }
  }
  for (const path of removes) attempt(path, () => disk.remove(path));
  if (!durable) return;
  for (const folder of new Set([
    ...folders,
    ...made.map((path) => dirname(path)),
    ...removes.map((path) => dirname(path)),
  ])) {
    disk.syncFolder(folder);
  }
}

function attempt<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    return systemError(path, error);
  }
}

function systemError(path: string, error: unknown): never {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return fail('write-failed', { why: String(error.code) }, { file: path }, { cause: error });
}
