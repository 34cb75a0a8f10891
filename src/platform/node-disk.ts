import {
  chmodSync,
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fsync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Disk, NewFile } from '../kernel/ports.ts';

const windows = process.platform === 'win32';
const flush = promisify(fsync);

async function createFile(path: string, file: NewFile, durable: boolean): Promise<void> {
  // O_EXCL and 0600: whoever may read the file in the end, nobody else can before it has its own mode.
  const handle = openSync(path, 'wx', 0o600);
  try {
    if (!windows) {
      if (file.gid !== undefined) giveTo(handle, file.gid, file.mayLoseGroup ?? false);
      fchmodSync(handle, file.mode);
    }
    writeFileSync(handle, file.bytes);
    if (durable) await flush(handle);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

function giveTo(handle: number, gid: number, mayFail: boolean): void {
  try {
    fchownSync(handle, -1, gid);
  } catch (error) {
    if (!mayFail || !(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}

function makeFolder(path: string, mode: number, gid?: number): string[] {
  const first = mkdirSync(path, { recursive: true, mode });
  if (first === undefined) return [];
  const made: string[] = [];
  for (let folder = path; folder.length >= first.length; folder = dirname(folder)) made.push(folder);
  // mkdir's mode passes through the umask; a folder that was asked for as 0755 is to be it.
  try {
    for (const folder of windows ? [] : made) {
      if (gid !== undefined) chownSync(folder, -1, gid);
      chmodSync(folder, mode);
    }
  } catch (error) {
    made.forEach(removeFolder);
    throw error;
  }
  return made.reverse();
}

function removeFolder(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Whoever put something into it keeps it.
  }
}

/** Where a file stands in the place of a folder, nothing can be below it. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOTDIR')) throw error;
  }
}

async function syncFolder(path: string): Promise<void> {
  if (windows) return; // a folder cannot be opened for fsync there
  const handle = openSync(path, 'r');
  try {
    await flush(handle);
  } finally {
    closeSync(handle);
  }
}

export const nodeDisk: Disk = {
  createFile,
  createLink: (path, target) => symlinkSync(target, path, 'dir'),
  makeFolder,
  removeFolder,
  syncFolder,
  rename: renameSync,
  remove,
};
