import type { StatePlaces } from '../inventory/state.ts';
import type { OwnerId } from '../kernel/ids.ts';
import { isInside } from '../kernel/path.ts';
import type { Files } from '../kernel/ports.ts';
import type { Part } from './transaction.ts';
import type { Removed, Unit, Write } from './types.ts';

/** What of the units lies in which place; the shared root's first, since the project's hosts follow from it. */
export function partsOf(
  { project, shared }: StatePlaces,
  units: readonly Unit[],
  removes: readonly Removed[] = [],
): Part[] {
  if (!shared) return [{ place: project, units, removes }];
  const isShared = (path: string): boolean => isInside(shared.folder, path);
  return [
    { place: shared, units: units.map((unit) => share(unit, isShared)), removes: [] },
    { place: project, units: units.map((unit) => share(unit, (path) => !isShared(path))), removes },
  ];
}

function share(unit: Unit, isPart: (path: string) => boolean): Unit {
  return { ...unit, clear: unit.clear.filter(isPart), writes: unit.writes.filter(({ path }) => isPart(path)) };
}

/** What rcssl keeps for itself, as files that go with those of an owner. */
export function stateUnit(owner: OwnerId, writes: readonly Write[]): Unit {
  return { owner, clear: [], writes, archives: [], records: [] };
}

/** The state of a project is never committed to git: the folder says so itself. */
export function ignoreFile(files: Files, folder: string): Write[] {
  const path = `${folder}/.gitignore`;
  if (files.entry(path)) return [];
  return [{ path, bytes: Buffer.from('*\n'), mode: 0o644, gid: undefined, folderMode: 0o700 }];
}
