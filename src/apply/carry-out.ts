import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Desired } from '../desired/types.ts';
import { projectState } from '../inventory/state.ts';
import type { Inventory } from '../inventory/types.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf } from '../plan/actions.ts';
import type { Plan, Removal } from '../plan/types.ts';
import { archiveWrites } from './archive.ts';
import { draw, type Display } from './draw.ts';
import { execute } from './execute.ts';
import { ignoreFile, partsOf, stateUnit } from './parts.ts';
import { manifestWrites, nextManifest } from './record.ts';
import { outdated, removedBehind, switchedUnit } from './switch.ts';
import { commit } from './transaction.ts';
import type { Removed, Write } from './types.ts';

export interface CarryOutOptions {
  readonly signal: AbortSignal | undefined;
  readonly display: Display | undefined;
  /** Waits until the files are on the disk. */
  readonly durable: boolean;
  /** Records of whoever applies, part of the same transaction. */
  readonly records?: readonly Write[];
}

/** plan → files in memory → checks of the proxies → one transaction with the archive and the manifest. Runs under the lock. Gives what is to be said of the checks. */
export async function carryOut(
  world: World,
  desired: Desired,
  inventory: Inventory,
  plan: Plan,
  { signal, display, durable, records = [] }: CarryOutOptions,
): Promise<Diagnostic[]> {
  const steps = await execute(plan, { world, root: desired.root, inventory, now: inventory.at, signal });
  await draw(steps, display);
  const made = await Promise.all(steps.map(({ done }) => done));
  const notes =
    desired.proxies.length > 0
      ? await (await import('./check-proxies.ts')).checkProxies(world, desired, plan, made, signal)
      : [];
  const removals = actionsOf(plan).filter((action) => action.kind === 'remove');
  const removed = removals.flatMap((action) => removedBy(action, inventory));
  const units = made.map((unit) => switchedUnit(unit, removed, world.files));
  const places = projectState(desired);
  const { project, shared = project } = places;
  const archived = (owned: boolean) =>
    units.filter(({ owner }) => (owner === plan.ca.id) === owned).flatMap(({ archives }) => archives);
  const manifest = nextManifest(plan, units, inventory, desired.configFile);
  const all = [
    stateUnit(plan.ca.id, [
      ...archiveWrites(archived(true), shared, world.files, inventory.at),
      ...archiveWrites(archived(false), project, world.files, inventory.at),
    ]),
    ...units,
    stateUnit(plan.ca.id, [
      ...manifestWrites(manifest, inventory.manifest, places),
      ...ignoreFile(world.files, project.folder),
      ...records,
    ]),
  ];
  const removes = [...removedBehind(removed, units, world.files), ...outdated(units, removed, world.files)];
  await commit(world, { parts: partsOf(places, all, removes), now: inventory.at, durable, signal });
  return notes;
}

function removedBy({ path }: Removal, { files }: Inventory): Removed[] {
  const file = files.get(path);
  return file?.state === 'file' ? [{ path, hash: file.hash }] : [];
}
