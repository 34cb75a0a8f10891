import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { owedAfter, owedPath, plannedHooks, readOwed, encodeOwed } from '../hooks/owed.ts';
import type { Hook, HookChange, HookOutcome, OwedHook, PlannedHook } from '../kernel/hook.ts';
import { projectState } from '../inventory/state.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf } from '../plan/actions.ts';
import type { Action, Plan, Removal } from '../plan/types.ts';
import type { Project } from './project.ts';
import { systemError } from './system-errors.ts';

/** The hooks that a plan would run, those that an earlier apply owes among them. Nothing is read where none is declared. */
export function hooksOf({ files }: Pick<World, 'files'>, project: Project, plan: Plan): PlannedHook[] {
  const hooks = declaredHooks(project);
  if (hooks.length === 0) return [];
  return plannedHooks(owedIn(files, project), hooks, project.desired.configFile, changesOf(plan));
}

/** The record that goes with the transaction: what is owed once its files are in place, though nobody lives to pay it. */
export function owedWrites(
  { files }: Pick<World, 'files'>,
  project: Project,
  plan: Plan,
): { path: string; bytes: Buffer; mode: number; gid: undefined; folderMode: number }[] {
  const hooks = declaredHooks(project);
  if (hooks.length === 0) return [];
  const before = owedIn(files, project);
  const owed = owedAfter(before, hooks, project.desired.configFile, changesOf(plan));
  if (owed.length === 0 && before.length === 0) return [];
  return [
    { path: owedPath(stateOf(project)), bytes: encodeOwed(owed), mode: 0o600, gid: undefined, folderMode: 0o700 },
  ];
}

/** Runs what is owed, in the order of the configuration. What succeeds is owed no longer; what fails stays so. Under the lock. */
export async function runOwed(world: World, project: Project, signal: AbortSignal | undefined): Promise<HookOutcome[]> {
  const { root, file, ca } = project.config;
  const hooks = declaredHooks(project);
  if (hooks.length === 0) return [];
  const mine = project.desired.configFile;
  const outcomes: HookOutcome[] = [];
  for (const hook of hooks) {
    const owed = owedIn(world.files, project);
    const entry = owed.find(({ key, config }) => key === hook.key && config === mine);
    if (!entry || signal?.aborted) continue;
    const { runHook } = await import('../hooks/run.ts');
    const secrets = ca.passphrase && 'env' in ca.passphrase ? [ca.passphrase.env] : [];
    const context = { root, config: file, secrets, signal };
    const outcome = await runHook(await world.hooks(), hook, entry.changes, context);
    outcomes.push(outcome);
    if (outcome.ok)
      await record(
        world,
        project,
        owed.filter((other) => other !== entry),
      );
  }
  return outcomes;
}

async function record({ disk }: World, project: Project, owed: readonly OwedHook[]): Promise<void> {
  const path = owedPath(stateOf(project));
  if (owed.length === 0) return disk.remove(path);
  const aside = `${path}.new`;
  disk.remove(aside);
  await disk.createFile(aside, { bytes: encodeOwed(owed), mode: 0o600, gid: undefined }, true);
  disk.rename(aside, path);
}

/** Hooks that failed, as errors: they are owed, and run again with the next apply. */
export function hookDiagnostics(outcomes: readonly HookOutcome[]): Diagnostic[] {
  return outcomes.flatMap(({ ok, label, why, output }) =>
    ok ? [] : [diagnostic('hook-failed', { hook: label, why: why ?? '', output: lastLines(output) })],
  );
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-10).join('\n');
}

/** Those that are written down, then the reloads of the proxies. */
function declaredHooks({ config, desired }: Project): readonly Hook[] {
  return [...config.hooks, ...desired.proxies.flatMap(({ reload }) => reload ?? [])];
}

function owedIn(files: World['files'], project: Project): readonly OwedHook[] {
  try {
    return readOwed(files, stateOf(project));
  } catch (error) {
    return systemError(error);
  }
}

function stateOf({ desired }: Project): string {
  return projectState(desired).project.folder;
}

function changesOf(plan: Plan): HookChange[] {
  return actionsOf(plan).flatMap((action: Action | Removal): HookChange[] => {
    if (action.kind === 'keep' || action.kind === 'blocked') return [];
    const { owner, artifact, path } = action.kind === 'remove' ? action : action.target;
    return [{ kind: action.kind, owner, artifact, path }];
  });
}
