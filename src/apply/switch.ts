import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { currentVersion, isVersion, versionPath } from '../inventory/version.ts';
import type { Files } from '../kernel/ports.ts';
import type { Removed, Unit, Write } from './types.ts';

/** Of a file beside the outputs, which rcssl carries along whatever it is. */
const LIMIT = 64 * 1024 * 1024;
const PRIVATE = 0o700;

/** A unit of layout `atomic` is a whole folder; any other stays as it is. */
export function switchedUnit(unit: Unit, removed: readonly Removed[], files: Files): Unit {
  return unit.link === undefined ? unit : switched(unit, unit.link, files, new Set(removed.map(({ path }) => path)));
}

/** Earlier versions of the folders that are switched or emptied. */
export function outdatedVersions(units: readonly Unit[], removed: readonly Removed[], files: Files): Removed[] {
  const emptied = removed.map(({ path }) => dirname(path)).filter((folder) => currentVersion(files, folder));
  const links = [...units.flatMap(({ link }) => link ?? []), ...emptied];
  return [...new Set(links)].flatMap((link) => earlierVersions(link, files));
}

/**
 * The files of layout `atomic` as the next version of their folder: the new ones, what lies there already but for
 * `dropped`, and in the end the link to it. Nothing that a reader may have open changes.
 */
function switched(unit: Unit, link: string, files: Files, dropped: ReadonlySet<string>): Unit {
  const version = versionPath(link, randomBytes(6).toString('hex'));
  const current = files.readLink(link) === undefined ? undefined : files.entry(files.realPath(link));
  const rights = current && { folderMode: current.mode ?? PRIVATE, folderGid: current.gid };
  const fresh = unit.writes.map((write): Write => ({ ...write, ...rights, path: join(version, basename(write.path)) }));
  const names = new Set(fresh.map(({ path }) => basename(path)));
  const kept = files
    .list(link)
    .filter((name) => !names.has(name) && !dropped.has(join(link, name)))
    .map((name): Write => ({
      ...contentOf(files, join(link, name)),
      folderMode: PRIVATE,
      ...rights,
      path: join(version, name),
      // A key that stays may be among them.
      secret: true,
    }));
  const to: Write = {
    path: link,
    bytes: Buffer.from(basename(version)),
    mode: 0o777,
    gid: undefined,
    // The folder around it is as strict as the files have it.
    folderMode: 0o777,
    isLink: true,
  };
  return { ...unit, clear: [], writes: [...kept, ...fresh, to] };
}

function contentOf(files: Files, path: string): Pick<Write, 'bytes' | 'mode' | 'gid'> {
  const entry = files.entry(path);
  const bytes = files.read(path, LIMIT);
  if (!entry || !bytes) return fail('write-failed', { why: 'ENOENT' }, { file: path });
  return { bytes, mode: entry.mode ?? 0o600, gid: entry.gid };
}

/**
 * The files of earlier versions of a folder, which nobody needs any more. The one that counts now stays for whoever is
 * reading in it, until the next switch.
 */
function earlierVersions(link: string, files: Files): Removed[] {
  const beside = dirname(link);
  const current = currentVersion(files, link);
  const isFolder = (name: string): boolean => files.entry(join(beside, name))?.kind === 'folder';
  return files
    .list(beside)
    .filter((name) => isVersion(name, link) && name !== current && isFolder(name))
    .flatMap((name) => files.list(join(beside, name)).map((file) => join(beside, name, file)))
    .filter((path) => files.entry(path)?.kind === 'file')
    .map((path) => ({ path, hash: hashOf(files, path) }));
}

function hashOf(files: Files, path: string): string {
  const bytes = files.read(path, LIMIT) ?? Buffer.alloc(0);
  return createHash('sha256').update(bytes).digest('hex');
}
