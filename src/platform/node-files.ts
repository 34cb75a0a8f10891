import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ReadFault, type Entry, type EntryKind, type Files } from '../kernel/ports.ts';

const windows = process.platform === 'win32';

function kindOf(stats: Stats): EntryKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'symlink';
  return 'other';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
}

/** ENOTDIR: a file stands where a folder of the path should be, so nothing can be at the path itself. */
function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
}

function entry(path: string): Entry | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return undefined;
  return {
    kind: kindOf(stats),
    identity: `${stats.dev}:${stats.ino}`,
    size: stats.size,
    mode: windows ? undefined : stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    changed: stats.ctimeMs,
  };
}

// O_NONBLOCK: opening a FIFO without a writer would wait for ever. It is 0 where the platform has none.
const READ_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

function read(path: string, limit: number): Buffer | undefined {
  const handle = openSync(path, READ_FLAGS);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) throw new ReadFault('NOTFILE', path);
    if (stats.size > limit) throw new ReadFault('TOOBIG', path);
    const bytes = Buffer.allocUnsafe(stats.size);
    let length = 0;
    while (length < bytes.length) {
      const count = readSync(handle, bytes, length, bytes.length - length, null);
      if (count === 0) break;
      length += count;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}

function guarded<T>(path: string, absent: T, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ReadFault) throw error;
    if (isAbsent(error)) return absent;
    throw new ReadFault(codeOf(error), path);
  }
}

function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const parent = dirname(path);
    if (!isAbsent(error) || parent === path) return path;
    return join(realPath(parent), basename(path));
  }
}

function readLink(path: string): string | undefined {
  return entry(path)?.kind === 'symlink' ? readlinkSync(path) : undefined;
}

export const nodeFiles: Files = {
  entry: (path) => guarded(path, undefined, () => entry(path)),
  read: (path, limit) => guarded(path, undefined, () => read(path, limit)),
  list: (folder) => guarded<string[]>(folder, [], () => readdirSync(folder).sort()),
  readLink: (path) => guarded(path, undefined, () => readLink(path)),
  realPath,
};
