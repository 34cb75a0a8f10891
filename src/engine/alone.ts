import type { Recovery } from '../apply/finish.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { archiveFolder } from '../inventory/archive.ts';
import { lockPath, projectState, type StatePlace } from '../inventory/state.ts';
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
  refuseLinks(world, [state, archiveFolder(state)]);
  const { signal, onWait, noWait } = options;
  return withLocks(world, folders, { signal, onWait, noWait }, act);
}

/** What rcssl writes for itself stays where it is said to be. Throws `state-link`. */
export function refuseLinks({ files }: Pick<World, 'files'>, folders: readonly string[]): void {
  for (const path of folders) if (files.entry(path)?.kind === 'symlink') fail('state-link', {}, { file: path });
}

/**
 * What is on the disk once an interrupted apply is finished or undone. Where there was none it takes no lock, unless what
 * it sees is `doubtful`: it may have looked in the midst of another's apply.
 */
export async function lookSettled(
  world: World,
  project: Project,
  wanted: PlanOptions,
  options: AloneOptions,
  doubtful: (plan: Plan) => boolean = () => false,
): Promise<ReturnType<typeof look> & { readonly recovered: readonly Recovery[] }> {
  const first = look(world, project, wanted);
  const isSettled = first.inventory.unfinished.length === 0 && !(await wasKilled(world, project));
  if (isSettled && !(doubtful(first.plan) && hasState(world, project))) return { ...first, recovered: [] };
  return alone(world, project, options, async () => {
    const recovered = await recoverProject(world, project, options);
    return { ...look(world, project, wanted), recovered };
  });
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

/** Without a folder of state nobody has been at work, and to look is no reason to make one. */
function hasState({ files }: World, project: Project): boolean {
  return placesOf(project).some(({ folder }) => files.entry(folder));
}

/** Its lock is still there. */
async function wasKilled(world: World, project: Project): Promise<boolean> {
  const folders = placesOf(project).map(({ folder }) => folder);
  const locked = folders.filter((folder) => world.files.entry(lockPath(folder)));
  if (locked.length === 0) return false;
  const { isLockLeft } = await import('../apply/lock.ts');
  return locked.some((folder) => isLockLeft(world, folder));
}
