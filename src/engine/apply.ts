import { isManifestBehind } from '../apply/record.ts';
import { diagnostic, fail, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/types.ts';
import type { Instant } from '../kernel/instant.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf, isComplete } from '../plan/actions.ts';
import type { Action, Plan, PlanOptions, Removal } from '../plan/types.ts';
import { owedWrites, runOwed } from './hooks.ts';
import { alone, lookSettled, recoverProject } from './alone.ts';
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
  return applyOpened(world, project, options, began);
}

/** The same for a configuration that has been read. */
export async function applyOpened(
  world: World,
  project: Project,
  options: ApplyOptions,
  began: Instant = world.clock.now(),
): Promise<ApplyResult> {
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
  const { recovered, ...first } = await lookSettled(world, project, wanted, options, (plan) =>
    needsLeave(plan, options),
  );
  const shown = resultOf(world, project, first.inventory, first.plan);
  if (isSettled(project, first) && !owes(shown)) {
    options.onPlan?.(shown);
    return finished(world, { ...shown, recovered, ran: [], notes: [] }, [], first.plan, began);
  }
  await askedLeave(shown, options);
  return alone(world, project, options, async () => {
    const late = await recoverProject(world, project, options);
    const { inventory, plan } = look(world, project, wanted);
    const result = resultOf(world, project, inventory, plan);
    // Another process may have been here while this one waited or asked.
    if (!sameActions(first.plan, plan)) await askedLeave(result, options);
    options.onPlan?.(result);
    const settled = isSettled(project, { inventory, plan });
    if (settled && !owes(result)) {
      return finished(world, { ...result, recovered: [...recovered, ...late], ran: [], notes: [] }, [], plan, began);
    }
    const { after, notes } = settled
      ? { after: plan, notes: [] }
      : await changeDisk(world, { project, wanted, options, began }, inventory, plan);
    const ran = await runOwed(world, project, options.signal);
    const done = result.actions.filter(({ kind }) => kind !== 'keep' && kind !== 'blocked');
    const diagnostics = [...result.diagnostics, ...notes];
    const all = { ...result, diagnostics, notes, recovered: [...recovered, ...late], ran };
    return finished(world, all, done, after, began);
  });
}

async function changeDisk(
  world: World,
  { project, wanted, options }: Run,
  inventory: Inventory,
  plan: Plan,
): Promise<{ readonly after: Plan; readonly notes: readonly Diagnostic[] }> {
  const { carryOut } = await import('../apply/carry-out.ts');
  const notes = await carryOut(world, project.desired, inventory, plan, {
    signal: options.signal,
    display: options.display,
    durable: options.durable ?? true,
    records: owedWrites(world, project, plan),
  });
  return { after: verify(world, project, wanted, plan), notes };
}

/** An earlier apply could not run a hook. */
function owes({ hooks }: Pick<PlanResult, 'hooks'>): boolean {
  return hooks.some(({ owed }) => owed);
}

/** The disk is what it should be, and the manifest says so. */
function isSettled({ desired }: Project, { inventory, plan }: ReturnType<typeof look>): boolean {
  return isComplete(plan) && inventory.unfinished.length === 0 && !isManifestBehind(desired, inventory, plan);
}

/**
 * Somebody is to be asked, or the run to fail: not for what was seen in the midst of another's apply, where a root's key
 * is there and its certificate not yet.
 */
function needsLeave({ ca, prune, removals }: Plan, options: ApplyOptions): boolean {
  const removes = prune && removals.length > 0 && options.confirmRemoval !== undefined;
  return removes || (ca.replacesRoot && options.replaceRoot !== true);
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
  result: PlanResult & Pick<ApplyResult, 'recovered' | 'ran' | 'notes'>,
  done: ApplyResult['done'],
  after: Plan,
  began: Instant,
): ApplyResult {
  return {
    ...result,
    complete: isComplete(after) && result.ran.every(({ ok }) => ok),
    done,
    took: world.clock.now() - began,
    nextChange: after.nextChange,
    certificates: after.hosts.length + 1,
    removals: after.removals,
  };
}
