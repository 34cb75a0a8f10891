import { isManifestBehind } from '../apply/record.ts';
import { diagnostic, fail, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Recovery } from '../apply/finish.ts';
import { lockPath, projectState, type StatePlace } from '../inventory/state.ts';
import type { Instant } from '../kernel/instant.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf, isComplete } from '../plan/actions.ts';
import type { Action, Plan, PlanOptions, Removal } from '../plan/types.ts';
import { resultOf } from './plan.ts';
import { systemError } from './system-errors.ts';
import { look, openProject, planOptions, type Project } from './project.ts';
import type { ApplyOptions, ApplyResult, PlanResult } from './types.ts';
import { pathFrom } from '../kernel/path.ts';

/**
 * Makes the disk what the configuration says: plan, lock, plan again, one transaction, and a last look that must find
 * nothing to do. A run with nothing to do takes no lock and writes nothing; what an interrupted one had begun is finished
 * or undone first. Throws `RcsslError`, or the signal's reason.
 */
export async function applyProject(world: World, options: ApplyOptions): Promise<ApplyResult> {
  const began = world.clock.now();
  const project = await openProject(world, options);
  options.signal?.throwIfAborted();
  const wanted = planOptions(project, options);
  return run(world, { project, wanted, options, began }).catch(systemError);
}

interface Run {
  readonly project: Project;
  readonly wanted: PlanOptions;
  readonly options: ApplyOptions;
  readonly began: Instant;
}

async function run(world: World, { project, wanted, options, began }: Run): Promise<ApplyResult> {
  let first = look(world, project, wanted);
  let recovered: readonly Recovery[] = [];
  if (first.inventory.unfinished.length > 0 || (await wasKilled(world, project))) {
    recovered = await alone(world, project, options, () => recoverProject(world, project, options));
    first = look(world, project, wanted);
  }
  const shown = resultOf(project, first.inventory, first.plan);
  if (shown.complete && !isManifestBehind(project.desired, first.inventory, first.plan)) {
    options.onPlan?.(shown);
    return finished(world, { ...shown, recovered }, [], first.plan, began);
  }
  await askedLeave(shown, options);
  return alone(world, project, options, async () => {
    const recoveredLate = await recoverProject(world, project, options);
    const { inventory, plan } = look(world, project, wanted);
    const result = resultOf(project, inventory, plan);
    // Another process may have been here while this one waited or asked.
    if (!sameActions(first.plan, plan)) await askedLeave(result, options);
    options.onPlan?.(result);
    const { carryOut } = await import('../apply/carry-out.ts');
    const late = await carryOut(world, project.desired, inventory, plan, {
      signal: options.signal,
      display: options.display,
      durable: options.durable ?? true,
    });
    const after = verify(world, project, wanted, plan);
    const done = result.actions.filter(({ kind }) => kind !== 'keep' && kind !== 'blocked');
    const diagnostics = [...result.diagnostics, ...late];
    return finished(world, { ...result, diagnostics, recovered: [...recovered, ...recoveredLate] }, done, after, began);
  });
}

/** Under the locks of every folder of state that the project uses. Loaded now that there is something to do. */
async function alone<T>(world: World, project: Project, options: ApplyOptions, act: () => Promise<T>): Promise<T> {
  const { withLocks } = await import('../apply/lock.ts');
  const folders = placesOf(project).map(({ folder }) => folder);
  const state = projectState(project.desired).project.folder;
  if (world.files.entry(state)?.kind === 'symlink') fail('state-link', {}, { file: state });
  const { signal, onWait, noWait } = options;
  return withLocks(world, folders, { signal, onWait, noWait }, act);
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

async function recoverProject(world: World, project: Project, { onRecovered }: ApplyOptions): Promise<Recovery[]> {
  const { recover } = await import('../apply/finish.ts');
  const recovered = await recover(world, placesOf(project));
  if (recovered.length > 0) onRecovered?.(recovered);
  return recovered;
}

async function askedLeave(result: PlanResult, options: ApplyOptions): Promise<void> {
  const { ca, prune, removals } = result.plan;
  const removes = prune && removals.length > 0;
  if (removes && options.confirmRemoval && !(await options.confirmRemoval(result))) fail('removal-declined', {});
  const { replaceRoot = false } = options;
  if (!ca.replacesRoot || replaceRoot === true) return;
  if (replaceRoot === false) fail('root-replacement-needs-leave', { name: ca.name });
  if (!(await replaceRoot(result))) fail('root-replacement-declined', { name: ca.name });
}

/** Plans are compared by what they would do; when they were made is no difference. */
function sameActions(a: Plan, b: Plan): boolean {
  const essence = (plan: Plan) =>
    JSON.stringify(
      actionsOf(plan).map((action) => [
        action.kind,
        pathOf(action),
        action.kind === 'keep' ? [] : action.reasons.map(({ code }) => code),
      ]),
    );
  return essence(a) === essence(b);
}

function pathOf(action: Action | Removal): string {
  return action.kind === 'remove' ? action.path : action.target.path;
}

/** What the plan promised must be what is there now; anything else is said, never passed over. */
function verify(world: World, project: Project, wanted: PlanOptions, plan: Plan): Plan {
  const after = look(world, project, { ...wanted, force: [], adopt: [], prune: false }).plan;
  const blocked = new Set(actionsOf(plan).flatMap((action) => (action.kind === 'blocked' ? [action.target.path] : [])));
  const left = actionsOf(after).flatMap((action): Diagnostic[] => {
    if (action.kind === 'keep' || action.kind === 'remove' || blocked.has(action.target.path)) return [];
    const path = pathFrom(project.config.root, action.target.path);
    return [diagnostic('apply-incomplete', { path, reason: action.reasons[0].code })];
  });
  if (left.length > 0) throw new RcsslError(left);
  return after;
}

function finished(
  world: World,
  result: PlanResult & Pick<ApplyResult, 'recovered'>,
  done: ApplyResult['done'],
  after: Plan,
  began: Instant,
): ApplyResult {
  return {
    ...result,
    complete: isComplete(after),
    done,
    took: world.clock.now() - began,
    nextChange: after.nextChange,
    certificates: after.hosts.length + 1,
    removals: after.removals,
  };
}
