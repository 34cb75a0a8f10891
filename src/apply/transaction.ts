import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { encodeJournal, journalPath, stagedFiles, stagedPath, type Journal } from '../inventory/journal.ts';
import type { StatePlace } from '../inventory/state.ts';
import type { Instant } from '../kernel/instant.ts';
import { isInside } from '../kernel/path.ts';
import type { Files, World } from '../kernel/ports.ts';
import { finish, settle, undo } from './finish.ts';
import type { Removed, Unit, Write } from './types.ts';
import { attempt, writeFault } from './write-fault.ts';
import { sha256 } from '../pki/public-key.ts';

type DiskWorld = Pick<World, 'disk' | 'files'>;

/** What of an apply lies in one place: the project, or the folder of a shared root. Each has its own journal. */
export interface Part {
  readonly place: StatePlace;
  /** In the order of execution: the root before what it signed. */
  readonly units: readonly Unit[];
  /** Removed last. */
  readonly removes: readonly Removed[];
}

export interface Transaction {
  /** In the order of execution. Cut short between two, each is whole in itself. */
  readonly parts: readonly Part[];
  readonly now: Instant;
  /** Waits until everything is on the disk. */
  readonly durable: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Each holds a file open while it waits for the disk, and macOS gives a process 256 files. */
const AT_ONCE = 64;

interface Begun {
  readonly place: StatePlace;
  readonly writes: readonly Write[];
  readonly folders: readonly [path: string, folder: NewFolder][];
  journal: Journal;
}

/**
 * staging journal → every new file beside its place, with its final mode → ready journal → renames → no journal
 *
 * Until the journal is ready an error or an abort leaves the disk as it was; from then on the apply happens, if not in
 * this process then in the next one (`recover`). Runs under the locks, and with no journal there.
 */
export async function commit(world: DiskWorld, transaction: Transaction): Promise<void> {
  const { disk } = world;
  const { parts, durable, signal, now } = transaction;
  signal?.throwIfAborted();
  const begun = parts
    .filter(({ units, removes }) => removes.length > 0 || units.some(({ writes }) => writes.length > 0))
    .map((part) => begin(world, part, now));
  for (const part of begun) refuseLinks(world, part);
  try {
    for (const part of begun) await writeJournal(world, part, durable);
    for (const [folder, { mode, gid }] of begun.flatMap(({ folders }) => folders)) {
      attempt(folder, () => disk.makeFolder(folder, mode, gid));
    }
    await pooled(begun.flatMap(stagings), async ({ write, staged }) => {
      signal?.throwIfAborted();
      if (write.isLink) attempt(write.path, () => disk.createLink(staged, write.bytes.toString()));
      else await disk.createFile(staged, write, durable).catch((error: unknown) => writeFault(write.path, error));
    });
    if (durable) for (const { journal } of begun) await settle(world, journal, 'write-failed');
    signal?.throwIfAborted();
    for (const part of begun) {
      part.journal = { ...part.journal, ready: true };
      await writeJournal(world, part, durable);
    }
  } catch (error) {
    takeBack(world, begun);
    throw error;
  }
  for (const { journal } of begun) finish(world, journal);
  if (durable) for (const { journal } of begun) await settle(world, journal, 'write-unfinished');
  for (const { place } of begun) attempt(journalPath(place), () => disk.remove(journalPath(place)), 'write-unfinished');
}

/** What cannot be taken back now (the disk has become read-only, say) the next run takes back by the journal. */
function takeBack(world: DiskWorld, begun: readonly Begun[]): void {
  try {
    // What is ready is no longer so before the first of its files goes.
    for (const { place, journal } of begun) if (journal.ready) world.disk.remove(journalPath(place));
    for (const { place, journal } of begun) {
      undo(world, journal);
      world.disk.remove(journalPath(place));
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}

function begin({ files }: DiskWorld, { place, units, removes }: Part, now: Instant): Begun {
  const writes = units.flatMap((unit) => unit.writes);
  const folders = missingFolders(writes, files);
  const journal: Journal = {
    id: randomBytes(6).toString('hex'),
    at: now,
    ready: false,
    folders: folders.map(([path]) => path),
    units: units.map(({ clear, writes: ordered }) => ({
      clear,
      files: ordered.map(({ path, bytes, isLink }) => ({
        path,
        hash: sha256(bytes),
        ...(isLink && { isLink }),
      })),
    })),
    removes,
  };
  return { place, writes, folders, journal };
}

/** The plan has looked at the folders of keys; since then somebody may have put a link in the place of one. */
function refuseLinks({ files }: DiskWorld, { place: { base }, writes }: Begun): void {
  const secret = writes.filter((write) => write.secret === true && isInside(base, write.path));
  const realBase = files.realPath(base);
  for (const folder of new Set(secret.map(({ path }) => dirname(path)))) {
    const to = files.realPath(folder);
    if (!isInside(realBase, to)) fail('key-link', { to }, { file: folder });
  }
}

function stagings({ journal, writes }: Begun): { readonly write: Write; readonly staged: string }[] {
  return stagedFiles(journal).map(({ staged }, index) => ({ write: writes[index] as Write, staged }));
}

async function writeJournal({ disk }: DiskWorld, { place, journal }: Begun, durable: boolean): Promise<void> {
  const path = journalPath(place);
  const staged = stagedPath(journal.id, stagedFiles(journal).length, path);
  try {
    await disk.createFile(staged, { bytes: encodeJournal(journal, place), mode: 0o600, gid: undefined }, durable);
    disk.rename(staged, path);
    if (durable) await disk.syncFolder(place.folder);
  } catch (error) {
    disk.remove(staged);
    writeFault(path, error);
  }
}

interface NewFolder {
  readonly mode: number;
  readonly gid: number | undefined;
}

/** The folders that have to be made, outermost first, each as strict as the strictest of all that is to be below it. */
function missingFolders(writes: readonly Write[], files: Files): [path: string, folder: NewFolder][] {
  const missing = new Map<string, NewFolder>();
  const isMissing = (folder: string) =>
    missing.has(folder) || (folder !== dirname(folder) && attempt(folder, () => files.entry(folder)) === undefined);
  for (const { path, folderMode, folderGid } of writes) {
    for (let folder = dirname(path); isMissing(folder); folder = dirname(folder)) {
      const { mode, gid } = missing.get(folder) ?? { mode: folderMode, gid: folderGid };
      missing.set(folder, { mode: mode & folderMode, gid: gid ?? folderGid });
    }
  }
  return [...missing].sort(([a], [b]) => a.length - b.length);
}

/** Ends when all that was begun has ended, so that nothing turns up later; a failure lets no more begin. */
async function pooled<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await run(item).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
