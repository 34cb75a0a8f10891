import { dirname } from 'node:path';
import { systemError } from '../system-errors.ts';
import type { World } from '../../kernel/ports.ts';

const MODE = 0o644;
const FOLDER_MODE = 0o755;

/** A file of no secret at its place, by one rename; one that has these bytes already is left alone. Throws `system-refuses`. */
export async function putFile({ files, disk, process }: World, path: string, bytes: Buffer): Promise<void> {
  const draft = `${path}.${process.id}.tmp`;
  try {
    if (files.read(path, bytes.length)?.equals(bytes)) return;
  } catch {
    // Longer, or no file: it is replaced where it can be.
  }
  try {
    disk.makeFolder(dirname(dirname(path)), 0o700); // as the lock makes it
    disk.makeFolder(dirname(path), FOLDER_MODE);
    disk.remove(draft);
    await disk.createFile(draft, { bytes, mode: MODE, gid: undefined }, false);
    disk.rename(draft, path);
  } catch (error) {
    disk.remove(draft);
    systemError(error);
  }
}
