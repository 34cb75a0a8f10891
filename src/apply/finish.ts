import { basename, dirname, join } from 'node:path';
import {
  journalPath,
  readJournal,
  STAGED,
  stagedFiles,
  type Journal,
  type JournalFile,
  type JournalUnit,
} from '../inventory/journal.ts';
import type { StatePlace } from '../inventory/state.ts';
import { currentVersion, isVersion } from '../inventory/version.ts';
import type { Instant } from '../kernel/instant.ts';
import { isInside } from '../kernel/path.ts';
import type { World } from '../kernel/ports.ts';
import { clearChecks } from './clear-folder.ts';
import { attempt, writeFault, type FaultCode } from './write-fault.ts';
import { sha256 } from '../pki/public-key.ts';

const LIMIT = 64 * 1024 * 1024;

type DiskWorld = Pick<World, 'disk' | 'files'>;

/** What became of an apply that was interrupted. */
export interface Recovery {
  /** Of the journal, absolute. */
  readonly path: string;
  readonly at: Instant;
  readonly outcome: 'finished' | 'undone';
}

/**
 * Puts in place what a journal says, and can be told so again and again: what has its place already stays. A new key
 * comes to stand where its old certificate has just been taken away, so that no reader ever finds two that do not match.
 */
export function finish({ disk, files }: DiskWorld, journal: Journal): void {
  const at = <T>(path: string, run: () => T): T => attempt(path, run, 'write-unfinished');
  for (const [unit, all] of Map.groupBy(stagedFiles(journal), (one) => one.unit)) {
    const waiting = all.filter(({ staged }) => at(staged, () => files.entry(staged)) !== undefined);
    // A certificate goes only while its successor waits.
    for (const { file } of waiting) if (unit.clear.includes(file.path)) at(file.path, () => disk.remove(file.path));
    for (const { file, staged } of waiting) at(file.path, () => disk.rename(staged, file.path));
  }
  for (const { path } of journal.removes) at(path, () => disk.remove(path));
  for (const folder of new Set(journal.removes.map(({ path }) => dirname(path)))) at(folder, () => tidy(folder));

  /** A version of a folder that has lost its last file goes, and a link to it. */
  function tidy(folder: string): void {
    if (isVersion(basename(folder))) return disk.removeFolder(folder);
    const version = currentVersion(files, folder);
    if (version === undefined || files.list(folder).length > 0) return;
    disk.remove(folder);
    disk.removeFolder(join(dirname(folder), version));
  }
}

/** Everything that a journal names has its place in its folder; a power failure must not unmake that. */
export async function settle({ disk, files }: DiskWorld, journal: Journal, code: FaultCode): Promise<void> {
  const named = [...journal.units.flatMap((unit) => unit.files), ...journal.removes].map(({ path }) => path);
  for (const folder of new Set([...named, ...journal.folders].map((path) => dirname(path)))) {
    // An error of fsync itself does not say whose it is. A folder may be gone by the time that a later run finishes.
    if (attempt(folder, () => files.entry(folder), code) === undefined) continue;
    await disk.syncFolder(folder).catch((error: unknown) => writeFault(folder, error, code));
  }
}

/** Takes away what was staged; nothing has its place yet. */
export function undo({ disk }: DiskWorld, journal: Journal): void {
  for (const { staged } of stagedFiles(journal)) disk.remove(staged);
  for (const folder of [...journal.folders].reverse()) disk.removeFolder(folder);
}

/**
 * Finishes what an interrupted apply had begun, or undoes it where it had not come so far. Runs under the locks, before
 * anybody looks at the disk. Throws `write-unfinished`; the journal stays then.
 */
export async function recover(world: DiskWorld, places: readonly StatePlace[]): Promise<Recovery[]> {
  const recovered: Recovery[] = [];
  for (const place of places) {
    const journal = readJournal(world.files, place);
    if (journal) recovered.push(await carryOn(world, place, journal));
    sweep(world, place);
    attempt(place.folder, () => clearChecks(world, place.folder), 'write-unfinished');
  }
  return recovered;
}

async function carryOn(world: DiskWorld, place: StatePlace, journal: Journal): Promise<Recovery> {
  const path = journalPath(place);
  if (journal.ready) {
    const rest = trusted(world, journal, place);
    finish(world, rest);
    await settle(world, rest, 'write-unfinished');
    // Made for what is not carried out.
    for (const folder of [...journal.folders].reverse()) world.disk.removeFolder(folder);
  } else undo(world, journal);
  attempt(path, () => world.disk.remove(path), 'write-unfinished');
  return { path, at: journal.at, outcome: journal.ready ? 'finished' : 'undone' };
}

/** A run that was killed while it wrote a journal leaves that behind. */
function sweep({ disk, files }: DiskWorld, { folder }: StatePlace): void {
  const names = attempt(folder, () => files.list(folder)).filter((name) => STAGED.test(name));
  for (const path of names.map((name) => join(folder, name))) {
    if (files.entry(path)?.kind === 'file') attempt(path, () => disk.remove(path));
  }
}

/**
 * What of a journal may be carried out later: its units up to the first of which a file is neither waiting nor in its place
 * as it was made, since each follows from those before it (a new root from the archive of the old one) and half a pair is
 * worse than none; and removals of files in this project that are what they were. What waits for other units is taken away.
 */
function trusted(world: DiskWorld, journal: Journal, { base }: StatePlace): Journal {
  const { files, disk } = world;
  const at = <T>(path: string, run: () => T): T => attempt(path, run, 'write-unfinished');
  const isThere = (path: string, { hash, isLink }: Omit<JournalFile, 'path'>): boolean => {
    const bytes = at(path, () => {
      if (isLink) return Buffer.from(files.readLink(path) ?? '');
      return files.entry(path)?.kind === 'file' ? files.read(path, LIMIT) : undefined;
    });
    return bytes !== undefined && sha256(bytes) === hash;
  };
  const isGone = (path: string): boolean => at(path, () => files.entry(path)) === undefined;
  const all = stagedFiles(journal);
  const broken = all.findIndex(({ file, staged }) => !isThere(staged, file) && !isThere(file.path, file));
  const whole = broken < 0 ? journal.units.length : journal.units.indexOf(all[broken]?.unit as JournalUnit);
  const left = new Set(journal.units.slice(whole));
  for (const { unit, staged } of all) if (left.has(unit)) at(staged, () => disk.remove(staged));
  const realBase = files.realPath(base);
  const removes = journal.removes.filter(
    // One that is gone already may have left its folder empty.
    (file) => isInside(realBase, files.realPath(file.path)) && (isGone(file.path) || isThere(file.path, file)),
  );
  return { ...journal, units: journal.units.slice(0, whole), removes };
}
