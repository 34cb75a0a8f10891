import { dirname, extname, isAbsolute, join } from 'node:path';
import { pathFrom } from '../kernel/path.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Files } from '../kernel/ports.ts';
import type { StatePlace } from './state.ts';

const FORMAT = 1;
const LIMIT = 64 * 1024 * 1024;

/** Bytes at a path: SHA-256, lower-case hex. */
export interface JournalFile {
  readonly path: string;
  readonly hash: string;
  /** A link: its bytes are what it says. */
  readonly isLink?: true;
}

/** Files that belong together: nothing of them is put in place unless all can be. */
export interface JournalUnit {
  /** Taken away before the first file takes its place; each is the place of one of `files`. */
  readonly clear: readonly string[];
  /** In the order in which they take their places. */
  readonly files: readonly JournalFile[];
}

/** What an apply has begun in one place, absolute paths. It is gone when the apply has ended. */
export interface Journal {
  /** Names the staged files: twelve hex digits. */
  readonly id: string;
  readonly at: Instant;
  /** Everything is staged, so that the next run finishes it; before that, it takes away what is there. */
  readonly ready: boolean;
  /** Folders that were made for it, outermost first. */
  readonly folders: readonly string[];
  readonly units: readonly JournalUnit[];
  /** Files that go in the end, as they were. */
  readonly removes: readonly JournalFile[];
}

export function journalPath({ folder }: StatePlace): string {
  return join(folder, 'journal.json');
}

export const STAGED = /^\.rcssl-[0-9a-f]{12}-/;

/**
 * Where the file number `index` of a journal waits: beside its place. The name follows from the journal and is never
 * taken from it, so that a journal from somebody else moves nothing of the user's. The ending stays: `*.key` in a
 * .gitignore means this file too.
 */
export function stagedPath(id: string, index: number, path: string): string {
  return join(dirname(path), `.rcssl-${id}-${index}${extname(path)}`);
}

/** Each file of a journal with where it waits. */
export function stagedFiles({
  id,
  units,
}: Journal): { readonly unit: JournalUnit; readonly file: JournalFile; readonly staged: string }[] {
  let index = 0;
  return units.flatMap((unit) =>
    unit.files.map((file) => ({ unit, file, staged: stagedPath(id, index++, file.path) })),
  );
}

/** The journal of an apply that was interrupted; undefined where there is none, as nearly always. */
export function readJournal(files: Files, place: StatePlace): Journal | undefined {
  const path = journalPath(place);
  const bytes = files.read(path, LIMIT);
  if (!bytes) return undefined;
  const data = parsed(bytes);
  const { formatVersion } = (data ?? {}) as { formatVersion?: unknown };
  if (typeof formatVersion === 'number' && formatVersion > FORMAT) {
    fail('journal-newer', { version: formatVersion }, { file: path });
  }
  if (formatVersion !== FORMAT || !isJournal(data)) return fail('journal-unreadable', {}, { file: path });
  const absolute = (file: string) => (isAbsolute(file) ? file : join(place.base, file));
  const located = ({ path: file, ...rest }: JournalFile): JournalFile => ({ path: absolute(file), ...rest });
  return {
    id: data.id,
    at: Date.parse(data.at),
    ready: data.ready,
    folders: data.folders.map(absolute),
    units: data.units.map(({ clear, files: all }) => ({ clear: clear.map(absolute), files: all.map(located) })),
    removes: data.removes.map(located),
  };
}

/** The bytes of a journal: `/` between folders, paths relative to `base` where they lie in it. */
export function encodeJournal(journal: Journal, { base }: StatePlace): Buffer {
  const shown = (path: string): string => pathFrom(base, path);
  const file = ({ path, ...rest }: JournalFile): JournalFile => ({ path: shown(path), ...rest });
  const { id, at, ready, folders, units, removes } = journal;
  const data: Stored & { readonly formatVersion: number } = {
    formatVersion: FORMAT,
    id,
    at: new Date(at).toISOString(),
    ready,
    folders: folders.map(shown),
    units: units.map(({ clear, files }) => ({ clear: clear.map(shown), files: files.map(file) })),
    removes: removes.map(file),
  };
  return Buffer.from(`${JSON.stringify(data, null, 1)}\n`, 'utf8');
}

type Stored = Omit<Journal, 'at'> & { readonly at: string };

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

function isJournal(value: unknown): value is Stored {
  const { id, at, ready, folders, units, removes } = (value ?? {}) as Record<keyof Stored, unknown>;
  return (
    typeof id === 'string' &&
    /^[0-9a-f]{12}$/.test(id) &&
    typeof at === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    typeof ready === 'boolean' &&
    isListOf(isText)(folders) &&
    isListOf(isUnit)(units) &&
    isListOf(isFile)(removes)
  );
}

const isText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');

function isListOf<T>(is: (value: unknown) => value is T): (value: unknown) => value is T[] {
  return (value): value is T[] => Array.isArray(value) && value.every(is);
}

function isFile(value: unknown): value is JournalFile {
  const { path, hash, isLink } = (value ?? {}) as Record<keyof JournalFile, unknown>;
  return isText(path) && isText(hash) && (isLink === undefined || isLink === true);
}

function isUnit(value: unknown): value is JournalUnit {
  const { clear, files } = (value ?? {}) as Record<keyof JournalUnit, unknown>;
  if (!isListOf(isText)(clear) || !isListOf(isFile)(files)) return false;
  return clear.every((path) => files.some((file) => file.path === path));
}
