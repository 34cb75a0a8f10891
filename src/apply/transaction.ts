import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Files, World } from '../kernel/ports.ts';
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

/** Each holds a file open while it waits for the disk, and macOS gives a process 256 files. */
const AT_ONCE = 64;
const STAGED = /^\..+\.rcssl-[0-9a-f]{12}$/;

/**
 * Every new file is written beside its place first, complete and with its final mode; only then are they renamed, unit
 * by unit. Until the first rename an error or an abort leaves the disk as it was; after it an abort is too late, and an
 * error leaves nothing half-written. Runs under the lock: what a killed run staged in the same folders goes first.
 */
export async function commit(
  { disk, files }: Pick<World, 'disk' | 'files'>,
  { units, removes, durable, signal }: Transaction,
): Promise<void> {
  signal?.throwIfAborted();
  const id = randomBytes(6).toString('hex');
  const writes = units.flatMap((unit) => unit.writes);
  const folders = new Set(writes.map(({ path }) => dirname(path)));
  for (const folder of folders) {
    attempt(folder, () => {
      for (const path of leftovers(folder, files)) disk.remove(path);
    });
  }
  const made: string[] = [];
  const staged = new Map<Write, string>();
  const stage = async (write: Write): Promise<void> => {
    signal?.throwIfAborted();
    const temporary = join(dirname(write.path), `.${basename(write.path)}.rcssl-${id}`);
    await disk.createFile(temporary, write, durable).catch((error: unknown) => systemError(write.path, error));
    staged.set(write, temporary);
  };
  try {
    for (const [folder, { mode, gid }] of missingFolders(writes, files)) {
      made.push(...attempt(folder, () => disk.makeFolder(folder, mode, gid)));
    }
    await pooled(writes, stage);
    signal?.throwIfAborted();
    for (const { clear, writes: ordered } of units) {
      for (const path of clear) attempt(path, () => disk.remove(path));
      for (const write of ordered) attempt(write.path, () => disk.rename(staged.get(write) as string, write.path));
    }
  } catch (error) {
    for (const temporary of staged.values()) disk.remove(temporary);
    for (const folder of [...made].reverse()) disk.removeFolder(folder);
    throw error;
  }
  for (const path of removes) attempt(path, () => disk.remove(path));
  if (!durable) return;
  for (const folder of new Set([...folders, ...[...made, ...removes].map((path) => dirname(path))])) {
    disk.syncFolder(folder);
  }
}

/** Of a run that was killed between staging and renaming: private keys may be among them. */
function leftovers(folder: string, files: Files): string[] {
  const names = files.list(folder).filter((name) => STAGED.test(name));
  return names.map((name) => join(folder, name)).filter((path) => files.entry(path)?.kind === 'file');
}

interface NewFolder {
  readonly mode: number;
  readonly gid: number | undefined;
}

/** The folders that have to be made, outermost first, each as strict as the strictest of all that is to be below it. */
function missingFolders(writes: readonly Write[], files: Files): [path: string, folder: NewFolder][] {
  const missing = new Map<string, NewFolder>();
  const isMissing = (folder: string) =>
    missing.has(folder) || (folder !== dirname(folder) && attempt(folder, () => files.entry(folder)) === undefined);
  for (const { path, folderMode, folderGid } of writes) {
    for (let folder = dirname(path); isMissing(folder); folder = dirname(folder)) {
      const { mode, gid } = missing.get(folder) ?? { mode: folderMode, gid: folderGid };
      missing.set(folder, { mode: mode & folderMode, gid: gid ?? folderGid });
    }
  }
  return [...missing].sort(([a], [b]) => a.length - b.length);
}

/** Ends when all that was begun has ended, so that nothing turns up later; a failure lets no more begin. */
async function pooled<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await run(item).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
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
