import { basename, dirname, join } from 'node:path';
import type { EntryKind, Files } from '../kernel/ports.ts';

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

const WHAT: Readonly<Record<EntryKind, string>> = { file: 'file', folder: 'folder', symlink: 'link', other: 'device' };

/** Why a link cannot be switched, to go on after its path; undefined where it can. */
export function linkObstacle(files: Files, link: string): string | undefined {
  if (process.platform === 'win32') return 'cannot be a link: Windows does not switch them';
  const entry = files.entry(link);
  if (!entry) return undefined;
  if (entry.kind !== 'symlink') return `is a ${WHAT[entry.kind]}`;
  if (currentVersion(files, link) === undefined) return `is a link to ${files.readLink(link)}`;
  // A version is copied file by file.
  for (const name of files.list(link)) {
    const kind = files.entry(join(link, name))?.kind ?? 'file';
    if (kind !== 'file') return `holds a ${WHAT[kind]}, ${name}`;
  }
  return undefined;
}
