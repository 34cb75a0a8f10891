import { isInside } from '../kernel/path.ts';
import type { Desired } from '../desired/types.ts';
import { projectState } from '../inventory/state.ts';
import type { Inventory } from '../inventory/types.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf } from '../plan/actions.ts';
import type { Plan, Removal } from '../plan/types.ts';
import { archiveWrites } from './archive.ts';
import { draw, type Display } from './draw.ts';
import { execute } from './execute.ts';
import { manifestWrites, nextManifest } from './record.ts';
import { commit, type Part } from './transaction.ts';
import type { Removed, Unit, Write } from './types.ts';

export interface CarryOutOptions {
  readonly signal: AbortSignal | undefined;
  readonly display: Display | undefined;
  /** Waits until the files are on the disk. */
  readonly durable: boolean;
}

/** plan → files in memory → one transaction with the archive and the manifest. Runs under the lock. */
export async function carryOut(
  world: World,
  desired: Desired,
  inventory: Inventory,
  plan: Plan,
  { signal, display, durable }: CarryOutOptions,
): Promise<void> {
  const steps = await execute(plan, { world, root: desired.root, inventory, now: inventory.at, signal });
  await draw(steps, display);
  const units = await Promise.all(steps.map(({ done }) => done));
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
    removes: actionsOf(plan).flatMap((action) => (action.kind === 'remove' ? removed(action, inventory) : [])),
  };
  const inShared: Part = { place: shared, units: all.map((unit) => share(unit, isShared)), removes: [] };
  await commit(world, {
    parts: shared === project ? [inProject] : [inShared, inProject],
    now: inventory.at,
    durable,
    signal,
  });
}

function share(unit: Unit, isPart: (path: string) => boolean): Unit {
  return { ...unit, clear: unit.clear.filter(isPart), writes: unit.writes.filter(({ path }) => isPart(path)) };
}

function removed({ path }: Removal, { files }: Inventory): Removed[] {
  const file = files.get(path);
  return file?.state === 'file' ? [{ path, hash: file.hash }] : [];
}

/** The state of a project is never committed to git: the folder says so itself. */
function ignoreFile({ files }: World, folder: string): Write[] {
  const path = `${folder}/.gitignore`;
  if (files.entry(path)) return [];
  return [{ path, bytes: Buffer.from('*\n'), mode: 0o644, gid: undefined, folderMode: 0o700 }];
}
