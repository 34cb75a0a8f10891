import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { ARCHIVE_INDEX, ARCHIVED_LIMIT, archiveFolder } from '../inventory/archive.ts';
import type { StatePlace } from '../inventory/state.ts';
import { formatInstant, type Instant } from '../kernel/instant.ts';
import { pathFrom } from '../kernel/path.ts';
import type { Files } from '../kernel/ports.ts';
import type { Write } from './types.ts';

const FORMAT = 1;

/**
 * Copies of what is about to be replaced, in `archive/2026-11-23-3fa19c/` of the state folder with an index that says
 * where each came from. The folder is named by its content: archiving the same twice changes nothing.
 */
export function archiveWrites(paths: readonly string[], place: StatePlace, files: Files, now: Instant): Write[] {
  const found = [...paths].sort().flatMap((path) => {
    const bytes = files.read(path, ARCHIVED_LIMIT);
    return bytes ? [{ path, bytes }] : [];
  });
  if (found.length === 0) return [];
  const hash = createHash('sha256');
  for (const { path, bytes } of found) hash.update(pathFrom(place.base, path)).update('\0').update(bytes);
  const at = formatInstant(now);
  const folder = join(archiveFolder(place.folder), `${at.slice(0, 10)}-${hash.digest('hex').slice(0, 6)}`);
  const named = found.map(({ path, bytes }, index) => {
    const name = basename(path);
    const taken = found.slice(0, index).some((other) => basename(other.path) === name);
    return { path, bytes, file: taken ? `${index + 1}-${name}` : name };
  });
  return folderWrites(folder, at, named, place);
}

/** The files of one folder of the archive, with its index last. */
export function folderWrites(
  folder: string,
  at: string | undefined,
  files: readonly { readonly path: string; readonly file: string; readonly bytes: Buffer }[],
  { base }: StatePlace,
): Write[] {
  const rows = files.map(({ path, file }) => ({ path: pathFrom(base, path), file }));
  const index = { formatVersion: FORMAT, at, files: rows };
  const write = (file: string, bytes: Buffer): Write => ({
    path: join(folder, file),
    bytes,
    mode: 0o600,
    gid: undefined,
    folderMode: 0o700,
    secret: true,
  });
  return [
    ...files.map(({ file, bytes }) => write(file, bytes)),
    write(ARCHIVE_INDEX, Buffer.from(`${JSON.stringify(index, null, 1)}\n`)),
  ];
}
