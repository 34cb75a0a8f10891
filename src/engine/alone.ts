import type { Recovery } from '../apply/finish.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { archiveFolder } from '../inventory/archive.ts';
import { lockPath, projectState, type StatePlace } from '../inventory/state.ts';
import type { Inventory } from '../inventory/types.ts';
import type { World } from '../kernel/ports.ts';
import type { Plan, PlanOptions } from '../plan/types.ts';
import { look, type Project } from './project.ts';
import type { AloneOptions } from './types.ts';

/** Under the locks of every folder of state that the project uses. Loaded now that there is something to do. */
export async function alone<T>(
  world: World,
  project: Project,
  options: AloneOptions,
  act: () => Promise<T>,
): Promise<T> {
  const { withLocks } = await import('../apply/lock.ts');
  const folders = placesOf(project).map(({ folder }) => folder);
  const state = projectState(project.desired).project.folder;
  for (const path of [state, archiveFolder(state)]) {
    if (world.files.entry(path)?.kind === 'symlink') fail('state-link', {}, { file: path });
  }
  const { signal, onWait, noWait } = options;
  return withLocks(world, folders, { signal, onWait, noWait }, act);
}

/** What is on the disk once an interrupted apply is finished or undone. Where there was none it takes no lock. */
export async function lookSettled(
  world: World,
  project: Project,
  wanted: PlanOptions,
  options: AloneOptions,
): Promise<{ readonly inventory: Inventory; readonly plan: Plan; readonly recovered: readonly Recovery[] }> {
  const first = look(world, project, wanted);
  if (first.inventory.unfinished.length === 0 && !(await wasKilled(world, project))) return { ...first, recovered: [] };
  const recovered = await alone(world, project, options, () => recoverProject(world, project, options));
  return { ...look(world, project, wanted), recovered };
}

/** Runs under the locks. */
export async function recoverProject(
  world: World,
  project: Project,
  { onRecovered }: AloneOptions,
): Promise<Recovery[]> {
  const { recover } = await import('../apply/finish.ts');
  const recovered = await recover(world, placesOf(project));
  if (recovered.length > 0) onRecovered?.(recovered);
  return recovered;
}

/** The shared root's first, since the project's hosts follow from it. */
function placesOf({ desired }: Project): StatePlace[] {
  const { project, shared } = projectState(desired);
  return shared ? [shared, project] : [project];
}

/** Its lock is still there. */
async function wasKilled(world: World, project: Project): Promise<boolean> {
  const folders = placesOf(project).map(({ folder }) => folder);
  const locked = folders.filter((folder) => world.files.entry(lockPath(folder)));
  if (locked.length === 0) return false;
  const { isLockLeft } = await import('../apply/lock.ts');
  return locked.some((folder) => isLockLeft(world, folder));
}
