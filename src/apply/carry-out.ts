import { dirname } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isInside } from '../kernel/path.ts';
import type { Desired } from '../desired/types.ts';
import { projectState } from '../inventory/state.ts';
import type { Inventory } from '../inventory/types.ts';
import { currentVersion } from '../inventory/version.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf } from '../plan/actions.ts';
import type { Plan, Removal } from '../plan/types.ts';
import { archiveWrites } from './archive.ts';
import { draw, type Display } from './draw.ts';
import { execute } from './execute.ts';
import { manifestWrites, nextManifest } from './record.ts';
import { earlierVersions, switched } from './switch.ts';
import { commit, type Part } from './transaction.ts';
import type { Removed, Unit, Write } from './types.ts';

export interface CarryOutOptions {
  readonly signal: AbortSignal | undefined;
  readonly display: Display | undefined;
  /** Waits until the files are on the disk. */
  readonly durable: boolean;
}

/**
 * plan → files in memory → checks of the proxies → one transaction with the archive and the manifest → reloads. Runs under
 * the lock; gives what went wrong once the files were in place.
 */
export async function carryOut(
  world: World,
  desired: Desired,
  inventory: Inventory,
  plan: Plan,
  { signal, display, durable }: CarryOutOptions,
): Promise<Diagnostic[]> {
  const steps = await execute(plan, { world, root: desired.root, inventory, now: inventory.at, signal });
  await draw(steps, display);
  const made = await Promise.all(steps.map(({ done }) => done));
  if (desired.proxies.length > 0) {
    await (await import('./check-proxies.ts')).checkProxies(world, desired, plan, made, signal);
  }
  const removals = actionsOf(plan).filter((action) => action.kind === 'remove');
  const units = made.map((unit) => switchedUnit(unit, removals, world));
  const places = projectState(desired);
  const { project, shared = project } = places;
  const isShared = (path: string): boolean => shared !== project && isInside(shared.folder, path);
  const archived = (owned: boolean) =>
    units.filter(({ owner }) => (owner === plan.ca.id) === owned).flatMap(({ archives }) => archives);
  const state = (writes: readonly Write[]): Unit => ({
    owner: plan.ca.id,
    clear: [],
    writes,
    archives: [],
    records: [],
  });
  const manifest = nextManifest(plan, units, inventory, desired.configFile);
  const all = [
    state([
      ...archiveWrites(archived(true), shared, world.files, inventory.at),
      ...archiveWrites(archived(false), project, world.files, inventory.at),
    ]),
    ...units,
    state([...manifestWrites(manifest, inventory.manifest, places), ...ignoreFile(world, project.folder)]),
  ];
  const inProject: Part = {
    place: project,
    units: all.map((unit) => share(unit, (path) => !isShared(path))),
    removes: [...removals.flatMap((action) => removed(action, inventory)), ...outdated(units, removals, world)],
  };
  const inShared: Part = { place: shared, units: all.map((unit) => share(unit, isShared)), removes: [] };
  await commit(world, {
    parts: shared === project ? [inProject] : [inShared, inProject],
    now: inventory.at,
    durable,
    signal,
  });
  if (desired.proxies.length === 0) return [];
  return (await import('./reload-proxies.ts')).reloadProxies(world, desired, plan);
}

function share(unit: Unit, isPart: (path: string) => boolean): Unit {
  return { ...unit, clear: unit.clear.filter(isPart), writes: unit.writes.filter(({ path }) => isPart(path)) };
}

function removed({ path }: Removal, { files }: Inventory): Removed[] {
  const file = files.get(path);
  return file?.state === 'file' ? [{ path, hash: file.hash }] : [];
}

/** A unit of layout `atomic` is a whole folder. */
function switchedUnit(unit: Unit, removals: readonly Removal[], { files }: World): Unit {
  return unit.link === undefined ? unit : switched(unit, unit.link, files, new Set(removals.map(({ path }) => path)));
}

/** Earlier versions of the folders that are switched or emptied. */
function outdated(units: readonly Unit[], removals: readonly Removal[], { files }: World): Removed[] {
  const emptied = removals.map(({ path }) => dirname(path)).filter((folder) => currentVersion(files, folder));
  const links = [...units.flatMap(({ link }) => link ?? []), ...emptied];
  return [...new Set(links)].flatMap((link) => earlierVersions(link, files));
}

/** The state of a project is never committed to git: the folder says so itself. */
function ignoreFile({ files }: World, folder: string): Write[] {
  const path = `${folder}/.gitignore`;
  if (files.entry(path)) return [];
  return [{ path, bytes: Buffer.from('*\n'), mode: 0o644, gid: undefined, folderMode: 0o700 }];
}
