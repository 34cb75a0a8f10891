import type { ApplyResult, CheckResult, PlanResult } from '../engine/types.ts';
import { formatInstant } from '../kernel/instant.ts';
import type { Action, Plan, Removal } from '../plan/types.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { nextCommands } from './next.ts';
import { reasonJson } from './reason-json.ts';
import { shownPath } from './words.ts';

type Where = Pick<PlanResult, 'root'>;

/** The value of `rcssl plan --json`; what stays is only counted. Paths are relative to `root` where they lie in it. */
export function planJson(result: PlanResult, project: string): object {
  return { formatVersion: 1, command: 'plan', ...body(result, result.plan.nextChange, project) };
}

/** The value of `rcssl check --json`. */
export function checkJson(result: CheckResult, project: string): object {
  const { pending } = result;
  return { formatVersion: 1, command: 'check', pending, ...body(result, result.plan.nextChange, project) };
}

/** The value of `rcssl check --config-only --json`. */
export function checkConfigJson({
  config,
  root,
  diagnostics,
}: Pick<PlanResult, 'config' | 'root' | 'diagnostics'>): object {
  return {
    formatVersion: 1,
    command: 'check',
    configOnly: true,
    root,
    config: shownPath(root, config),
    diagnostics: diagnosticsJson(diagnostics, root),
  };
}

/** The value of `rcssl apply --json`: what was planned, and what of it was done. */
export function applyJson(result: ApplyResult, project: string): object {
  return {
    formatVersion: 1,
    command: 'apply',
    dryRun: false,
    ...body(result, result.nextChange, project),
    done: result.done.map((action) => actionJson(action, result)),
    tookMs: Math.round(result.took),
  };
}

/** The value of `rcssl apply --dry-run --json`: the plan, and nothing done. */
export function dryRunJson(result: PlanResult, project: string): object {
  return {
    formatVersion: 1,
    command: 'apply',
    dryRun: true,
    ...body(result, result.plan.nextChange, project),
    done: [],
  };
}

function body(result: PlanResult, nextChange: Plan['nextChange'], project: string): object {
  const { plan, actions, root, config, complete, diagnostics } = result;
  const changes = actions.filter(({ kind }) => kind !== 'keep');
  return {
    root,
    config: shownPath(root, config),
    complete,
    ca: { owner: plan.ca.id, shared: plan.ca.shared, renewed: plan.ca.renewsRoot, replaced: plan.ca.replacesRoot },
    actions: changes.map((action) => actionJson(action, result)),
    kept: actions.length - changes.length,
    undeclared: plan.prune ? [] : plan.removals.map((removal) => actionJson(removal, result)),
    ...(nextChange && { nextRenewal: { at: formatInstant(nextChange.at), owner: nextChange.owner } }),
    diagnostics: diagnosticsJson(diagnostics, root),
    next: complete ? [] : nextCommands(result, { command: 'rcssl', project }),
  };
}

function actionJson(action: Action | Removal, { root }: Where): object {
  const shown = (path: string): string => shownPath(root, path);
  const { artifact, owner, path } = action.kind === 'remove' ? action : action.target;
  return {
    kind: action.kind,
    artifact,
    owner,
    path: shown(path),
    ...(action.kind === 'rewrite' && { from: shown(action.from) }),
    reasons: action.kind === 'keep' ? [] : action.reasons.map((reason) => reasonJson(reason, shown)),
  };
}
