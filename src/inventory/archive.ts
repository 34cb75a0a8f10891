import { isAbsolute, join } from 'node:path';
import type { Files } from '../kernel/ports.ts';
import type { StatePlace } from './state.ts';
import { Secret } from '../kernel/secret.ts';
import { PkiError, readKey } from '../pki/keys.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import type { CertificateFacts, KeyFacts } from '../pki/facts.ts';

/** Bytes of a file in it. */
export const ARCHIVED_LIMIT = 4 * 1024 * 1024;
export const ARCHIVE_INDEX = 'index.json';

interface ArchivedFile {
  /** Its name in the folder. */
  readonly file: string;
  /** Where it was; its name alone where nobody knows. */
  readonly path: string;
  readonly content: Secret;
}

/** A folder of the archive: what one run replaced. */
export interface ArchivedFolder {
  /** `2026-11-23-3fa19c` */
  readonly folder: string;
  /** When, as RFC 3339; undefined where its index is lost. */
  readonly at: string | undefined;
  readonly files: readonly ArchivedFile[];
}

/** A folder that rcssl names; nothing else is one, whoever says so. */
export function isArchiveFolder(name: string): boolean {
  return /^\d{4}-\d\d-\d\d-[0-9a-f]{6}$/.test(name);
}

/** The name of a file that lies in its folder on every system, and is not the index. */
export function isArchivedName(name: string): boolean {
  const plain = /^[^/\\\0-\x1f]{1,255}$/.test(name);
  return plain && !/^\.{1,2}$/.test(name) && name.toLowerCase() !== ARCHIVE_INDEX;
}

/** The names in a folder that is one itself: a link, which a clone may bring along, leads to somebody else's files. */
export function listOwn(files: Files, folder: string): string[] {
  return files.entry(folder)?.kind === 'folder' ? files.list(folder) : [];
}

export function archiveFolder(stateFolder: string): string {
  return join(stateFolder, 'archive');
}

/** Everything in the archive of a state folder, the newest first. Reads only. Throws `ReadFault`. */
export function readArchive(files: Files, place: StatePlace): ArchivedFolder[] {
  const archive = archiveFolder(place.folder);
  const names = listOwn(files, archive).filter((name) => isArchiveFolder(name));
  const when = ({ at, folder }: ArchivedFolder) => `${at ?? folder.slice(0, 10)} ${folder}`;
  return names
    .map((folder) => readFolder(files, join(archive, folder), folder, place.base))
    .sort((a, b) => (when(a) < when(b) ? 1 : -1));
}

function readFolder(files: Files, path: string, folder: string, base: string): ArchivedFolder {
  const index = readIndex(files, join(path, ARCHIVE_INDEX));
  const found = listOwn(files, path).filter(
    (name) => isArchivedName(name) && files.entry(join(path, name))?.kind === 'file',
  );
  return {
    folder,
    at: index.at,
    files: found.flatMap((file) => {
      const bytes = files.read(join(path, file), ARCHIVED_LIMIT);
      const was = index.paths.get(file);
      const from = was === undefined || isAbsolute(was) ? (was ?? file) : join(base, was);
      return bytes ? [{ file, path: from, content: new Secret(bytes) }] : [];
    }),
  };
}

/** A lost index costs nothing but the knowledge of where things were. */
function readIndex(files: Files, path: string): { at: string | undefined; paths: ReadonlyMap<string, string> } {
  try {
    const { at, files: rows } = JSON.parse(String(files.read(path, ARCHIVED_LIMIT))) as {
      at: string;
      files: readonly { file: string; path: string }[];
    };
    return { at: String(at), paths: new Map(rows.map((row) => [row.file, String(row.path)])) };
  } catch {
    return { at: undefined, paths: new Map() };
  }
}

/** The roots' certificates and the private keys among archived files; what is neither says nothing. */
export function rootsIn({ files }: ArchivedFolder): {
  readonly certificates: readonly { readonly der: Buffer; readonly facts: CertificateFacts }[];
  readonly keys: readonly KeyFacts[];
} {
  return {
    certificates: files.flatMap(({ content }) =>
      readOrNone(() => readCertificates(content.reveal()).filter(({ facts }) => facts.basicConstraints?.ca)),
    ),
    keys: files.flatMap(({ content }) => readOrNone(() => [readKey(content.reveal()).facts])),
  };
}

function readOrNone<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
