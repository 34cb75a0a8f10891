import { isAbsolute, join, resolve } from 'node:path';
import { fail } from '../../diagnostics/diagnostic.ts';
import { isArchivedName, isArchiveFolder, type ArchivedFolder } from '../../inventory/archive.ts';
import { formatInstant, type Instant } from '../../kernel/instant.ts';
import { pathFrom } from '../../kernel/path.ts';
import { Secret } from '../../kernel/secret.ts';
import { printableText } from '../../pki/distinguished-name.ts';
import { openRoot, type LiveRoot } from './root.ts';

/*
 * What a backup holds once it is opened: JSON that a person can read who has `age` and no rcssl.
 *
 *     { "formatVersion": 1, "made": "2026-11-25T12:00:00Z",
 *       "root": { "name", "publicKey", "keyKind", "key": CONTENT, "certificate": CONTENT },
 *       "archive": [{ "folder": "2026-11-23-3fa19c", "at", "files": [{ "file", "path", "content": CONTENT }] }] }
 *
 * CONTENT is the bytes as they are on the disk: { "text": "-----BEGIN …" }, or { "base64" } where they are no text.
 * No path is of the machine that it was made on: `path` is relative to the project or to the root's folder.
 */

const FORMAT = 1;

export interface Backup {
  readonly made: Instant;
  /** The root that signs; undefined where only former ones are left. */
  readonly root: LiveRoot | undefined;
  readonly archive: readonly ArchivedFolder[];
}

type Content = { readonly text: string } | { readonly base64: string };

/** `base`: what the paths of the archive are made relative to. */
export function encodeBackup({ made, root, archive }: Backup, base: string): Buffer {
  const value = {
    formatVersion: FORMAT,
    made: formatInstant(made),
    root: root && {
      name: root.name,
      publicKey: root.publicKey,
      keyKind: root.keyKind,
      key: contentOf(root.key.reveal()),
      certificate: root.certificate && contentOf(root.certificate.bytes),
    },
    archive: archive.map(({ folder, at, files }) => ({
      folder,
      at,
      files: files.map(({ file, path, content }) => ({
        file,
        path: within(base, path) ?? file,
        content: contentOf(content.reveal()),
      })),
    })),
  };
  return Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
}

function contentOf(bytes: Buffer): Content {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

/** Undefined where it lies outside. */
function within(base: string, path: string): string | undefined {
  const inside = pathFrom(base, resolve(base, path));
  return isAbsolute(inside) ? undefined : inside;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * What was encoded, whoever encoded it: every name in it has been looked at. Throws `backup-newer` and
 * `backup-unreadable` with `file` as their place. `base`: what the paths of the archive are taken from.
 */
export function decodeBackup(bytes: Buffer, file: string, base: string): Backup {
  const damaged = (why: string): never => fail('backup-unreadable', { why }, { file });
  const value = fieldsOf(parsed(bytes)) ?? damaged('what it holds is not of rcssl');
  const { formatVersion: version, made, root, archive } = value;
  if (typeof version !== 'number') return damaged('what it holds is not of rcssl');
  if (version > FORMAT) return fail('backup-newer', { version }, { file });
  const at = Date.parse(String(made));
  if (version !== FORMAT || !Number.isFinite(at) || !Array.isArray(archive))
    return damaged('its content is not complete');
  const folders = archive.map((folder) => folderOf(folder, base) ?? damaged('a folder in its archive is not one'));
  if (new Set(folders.map(({ folder }) => folder)).size < folders.length) damaged('a folder is in it twice');
  return { made: at, root: root === undefined ? undefined : rootOf(root, damaged), archive: folders };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function bytesOf(value: unknown): Buffer | undefined {
  const { text, base64 } = fieldsOf(value) ?? {};
  if (typeof text === 'string') return Buffer.from(text);
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;
}

/** A text of this form; what is none is as good as absent. */
function textOf(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}

function rootOf(value: unknown, damaged: (why: string) => never): LiveRoot {
  const { name, key, certificate, publicKey, keyKind } = fieldsOf(value) ?? {};
  const bytes = bytesOf(key);
  if (typeof name !== 'string' || !bytes) return damaged('its root is not complete');
  if (printableText(name) !== name) return damaged('the name of its root is not one');
  const known = { publicKey: textOf(publicKey, /^[0-9a-f]{64}$/), keyKind: textOf(keyKind, /^[a-z0-9-]{1,40}$/) };
  const root = openRoot(name, new Secret(bytes), bytesOf(certificate), known);
  return 'fault' in root ? damaged(`its root ${name}: ${root.fault}`) : root;
}

function folderOf(value: unknown, base: string): ArchivedFolder | undefined {
  const { folder, at, files } = fieldsOf(value) ?? {};
  if (typeof folder !== 'string' || !isArchiveFolder(folder) || !Array.isArray(files)) return undefined;
  const found = files.map((entry) => {
    const { file, path, content } = fieldsOf(entry) ?? {};
    const bytes = bytesOf(content);
    if (typeof file !== 'string' || !isArchivedName(file) || typeof path !== 'string' || !bytes) return undefined;
    // Where it was is only told, and never written to.
    return { file, path: join(base, within(base, path) ?? file), content: new Secret(bytes) };
  });
  const whole = found.filter((entry) => entry !== undefined);
  const distinct = new Set(whole.map(({ file }) => file));
  if (whole.length < found.length || distinct.size < whole.length) return undefined;
  return { folder, at: textOf(at, /^\d{4}-\d\d-\d\dT[\d:]{8}Z$/), files: whole };
}
