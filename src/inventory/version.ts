import { basename, dirname, join } from 'node:path';
import { ReadFault, type Entry, type EntryKind, type Files } from '../kernel/ports.ts';

/*
 * Layout `atomic`: the folder of a host, `certs/app.test`, is a link to a version of it beside it,
 * `certs/.app.test.rcssl-0123456789ab`. A version is never written again: a change makes the next one and switches the link.
 */

const VERSION = /^\.(.+)\.rcssl-[0-9a-f]{12}$/;

/** `id`: twelve hex digits. */
export function versionPath(link: string, id: string): string {
  return join(dirname(link), `.${basename(link)}.rcssl-${id}`);
}

/** Whether a folder of this name is a version, of this link if one is given. */
export function isVersion(name: string, link?: string): boolean {
  const of = VERSION.exec(name)?.[1];
  return of !== undefined && (link === undefined || of === basename(link));
}

/** The name of the version that counts; undefined where there is none, or something else stands there. */
export function currentVersion(files: Files, link: string): string | undefined {
  const target = files.readLink(link);
  return target !== undefined && isVersion(target, link) ? target : undefined;
}

/** The version that counts, as a folder; undefined while there is none. */
export function currentFolder(files: Files, link: string): (Entry & { readonly path: string }) | undefined {
  const name = currentVersion(files, link);
  const path = join(dirname(link), name ?? '');
  const entry = name === undefined ? undefined : files.entry(path);
  return entry?.kind === 'folder' ? { ...entry, path } : undefined;
}

/** Bytes of a file of the user's that is copied from version to version. */
export const CARRIED_LIMIT = 4 * 1024 * 1024;

const WHAT: Readonly<Record<EntryKind, string>> = { file: 'file', folder: 'folder', symlink: 'link', other: 'device' };

/** Why a link cannot be switched. */
export interface Unswitchable {
  /** A folder stands in its place; what it leads to holds what cannot be copied; or something else. */
  readonly what: 'folder' | 'content' | 'other';
  /** In words that go on after its path. */
  readonly why: string;
}

/** Undefined where a link can be switched. */
export function linkObstacle(files: Files, link: string): Unswitchable | undefined {
  const other = (why: string): Unswitchable => ({ what: 'other', why });
  if (process.platform === 'win32') return other('cannot be a link: Windows does not switch them');
  const entry = files.entry(link);
  if (!entry) return undefined;
  if (entry.kind === 'folder') return { what: 'folder', why: 'is a folder' };
  if (entry.kind !== 'symlink') return other(`is a ${WHAT[entry.kind]}`);
  const version = currentVersion(files, link);
  if (version === undefined) return other(`is a link to ${files.readLink(link)}`);
  const kind = files.entry(join(dirname(link), version))?.kind ?? 'folder';
  if (kind !== 'folder') return other(`leads to a ${WHAT[kind]}`);
  const why = contentObstacle(files, link);
  return why === undefined ? undefined : { what: 'content', why };
}

/** A version is copied file by file. */
function contentObstacle(files: Files, link: string): string | undefined {
  for (const name of files.list(link)) {
    const kind = files.entry(join(link, name))?.kind ?? 'file';
    if (kind !== 'file') return `holds a ${WHAT[kind]}, ${name}`;
    try {
      files.read(join(link, name), CARRIED_LIMIT);
    } catch (error) {
      if (!(error instanceof ReadFault)) throw error;
      return error.code === 'TOOBIG'
        ? `holds a file of over 4 MiB, ${name}`
        : `holds a file that cannot be read, ${name}`;
    }
  }
  return undefined;
}
