import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { CARRIED_LIMIT, currentFolder, isVersion, versionPath } from '../inventory/version.ts';
import { ReadFault, type Files } from '../kernel/ports.ts';
import { sha256 } from '../pki/public-key.ts';
import type { Removed, Unit, Write } from './types.ts';

const PRIVATE = 0o700;
/** Of a folder's rights: others never change what is in it. */
const INHERITED = 0o775;

/** A unit of layout `atomic` is a whole folder; any other stays as it is. */
export function switchedUnit(unit: Unit, removed: readonly Removed[], files: Files): Unit {
  return unit.link === undefined ? unit : switched(unit, unit.link, files, new Set(removed.map(({ path }) => path)));
}

/**
 * The files of layout `atomic` as the next version of their folder: the new ones, what lies there already but for
 * `dropped`, and in the end the link to it. Nothing that a reader may have open changes.
 */
function switched(unit: Unit, link: string, files: Files, dropped: ReadonlySet<string>): Unit {
  const version = versionPath(link, randomBytes(6).toString('hex'));
  const current = currentFolder(files, link);
  const rights = current && { folderMode: (current.mode ?? PRIVATE) & INHERITED, folderGid: current.gid };
  const fresh = unit.writes.map((write): Write => ({ ...write, ...rights, path: join(version, basename(write.path)) }));
  const names = new Set(fresh.map(({ path }) => basename(path)));
  const kept = (current ? files.list(current.path) : [])
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

function contentOf(files: Files, path: string): Pick<Write, 'bytes' | 'mode' | 'gid' | 'mayLoseGroup'> {
  const entry = files.entry(path);
  const bytes = files.read(path, CARRIED_LIMIT);
  if (!entry || !bytes) return fail('write-failed', { why: 'ENOENT' }, { file: path });
  return { bytes, mode: entry.mode ?? 0o600, gid: entry.gid, mayLoseGroup: true };
}

/** Where they lie now: of a folder that is switched, in the version that is left behind. */
export function removedBehind(removed: readonly Removed[], units: readonly Unit[], files: Files): Removed[] {
  const links = new Set(units.map(({ link }) => link));
  return removed.map(({ path, hash }) => {
    const current = links.has(dirname(path)) ? currentFolder(files, dirname(path)) : undefined;
    return { path: current ? join(current.path, basename(path)) : path, hash };
  });
}

/**
 * What rcssl wrote into earlier versions of the folders that are switched or emptied, which nobody needs any more. The one
 * that counts now stays for whoever is reading in it, until the next switch; and all do where none counts.
 */
export function outdated(units: readonly Unit[], removed: readonly Removed[], files: Files): Removed[] {
  const own = new Map<string, Set<string>>();
  const add = (link: string, path: string): void =>
    void own.set(link, (own.get(link) ?? new Set()).add(basename(path)));
  for (const { link, writes } of units) for (const { path } of link ? writes : []) add(link ?? '', path);
  for (const { path } of removed) if (currentFolder(files, dirname(path))) add(dirname(path), path);
  return [...own].flatMap(([link, names]) => earlierFiles(link, names, files));
}

/** Only what it is known to have written: files of these names, and copies of what lies in the present version too. */
function earlierFiles(link: string, names: ReadonlySet<string>, files: Files): Removed[] {
  const current = currentFolder(files, link);
  if (!current) return [];
  const beside = dirname(link);
  const isFolder = (name: string): boolean => files.entry(join(beside, name))?.kind === 'folder';
  const isCopy = (name: string, hash: string): boolean => hashAt(files, join(current.path, name)) === hash;
  return files
    .list(beside)
    .filter((name) => isVersion(name, link) && name !== basename(current.path) && isFolder(name))
    .flatMap((name) => files.list(join(beside, name)).map((file) => join(beside, name, file)))
    .flatMap((path): Removed[] => {
      const hash = hashAt(files, path);
      return hash !== undefined && (names.has(basename(path)) || isCopy(basename(path), hash)) ? [{ path, hash }] : [];
    });
}

/** Undefined for what rcssl cannot have written: no file, too large, or not to be read. */
function hashAt(files: Files, path: string): string | undefined {
  try {
    const bytes = files.entry(path)?.kind === 'file' ? files.read(path, CARRIED_LIMIT) : undefined;
    return bytes && sha256(bytes);
  } catch (error) {
    if (error instanceof ReadFault) return undefined;
    throw error;
  }
}
