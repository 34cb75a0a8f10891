import type { Desired } from '../desired/types.ts';
import { projectState } from '../inventory/state.ts';
import type { Inventory } from '../inventory/types.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf } from '../plan/actions.ts';
import type { Plan } from '../plan/types.ts';
import { archiveWrites } from './archive.ts';
import { draw, type Display } from './draw.ts';
import { execute } from './execute.ts';
import { manifestWrites, nextManifest } from './record.ts';
import { commit } from './transaction.ts';
import type { Unit, Write } from './types.ts';

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
  const archived = (owned: boolean) =>
    units.filter(({ owner }) => (owner === plan.ca.id) === owned).flatMap(({ archives }) => archives);
  const manifest = nextManifest(plan, units, inventory, desired.configFile);
  await commit(world, {
    units: [
      stateUnit(plan.ca.id, [
        ...archiveWrites(archived(true), shared, world.files, inventory.at),
        ...archiveWrites(archived(false), project, world.files, inventory.at),
      ]),
      ...units,
      stateUnit(plan.ca.id, [
        ...manifestWrites(manifest, inventory.manifest, places),
        ...ignoreFile(world, project.folder),
      ]),
    ],
    removes: actionsOf(plan).flatMap((action) => (action.kind === 'remove' ? [action.path] : [])),
    durable,
    signal,
  });
}

/** What rcssl keeps for itself, as files that go with those of an owner. */
export function stateUnit(owner: Unit['owner'], writes: readonly Write[]): Unit {
  return { owner, clear: [], writes, archives: [], records: [] };
}

/** The state of a project is never committed to git: the folder says so itself. */
export function ignoreFile({ files }: World, folder: string): Write[] {
  const path = `${folder}/.gitignore`;
  if (files.entry(path)) return [];
  return [{ path, bytes: Buffer.from('*\n'), mode: 0o644, gid: undefined, folderMode: 0o700 }];
}
