import type { ApplyResult, CheckResult, PlanResult } from '../engine/types.ts';
import { formatInstant } from '../kernel/instant.ts';
import type { Action, Plan, Removal } from '../plan/types.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { isOnlyEarly, leftCommands, nextCommands } from './next.ts';
import { reasonJson } from './reason-json.ts';
import { trustPlanJson } from './trust-json.ts';
import type { View } from './view.ts';
import { pathFrom } from '../kernel/path.ts';

type Where = Pick<PlanResult, 'root'>;
type Spelling = Pick<View, 'project' | 'selection'>;

/** The value of `rcssl plan --json`; what stays is only counted. Paths are relative to `root` where they lie in it. */
export function planJson(result: PlanResult, view: Spelling): object {
  return {
    formatVersion: 1,
    command: 'plan',
    ...body(result, result.plan.nextChange, nextCommands(result, spelled(view))),
  };
}

/** The value of `rcssl check --json`. */
export function checkJson(result: CheckResult, view: Spelling): object {
  const { pending, plan } = result;
  const next = isOnlyEarly(result) ? [] : nextCommands(result, spelled(view));
  return { formatVersion: 1, command: 'check', pending, ...body(result, plan.nextChange, next) };
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
    config: pathFrom(root, config),
    diagnostics: diagnosticsJson(diagnostics, root),
  };
}

/** The value of `rcssl apply --json`: what was planned, and what of it was done. */
export function applyJson(result: ApplyResult, view: Spelling): object {
  return {
    formatVersion: 1,
    command: 'apply',
    dryRun: false,
    ...body(result, result.nextChange, leftCommands(result, spelled(view))),
    done: result.done.map((action) => actionJson(action, result)),
    ...(result.ran.length > 0 && { ran: result.ran }),
    tookMs: Math.round(result.took),
  };
}

/** The value of `rcssl apply --dry-run --json`: the plan, and nothing done. */
export function dryRunJson(result: PlanResult, view: Spelling): object {
  return {
    formatVersion: 1,
    command: 'apply',
    dryRun: true,
    ...body(result, result.plan.nextChange, nextCommands(result, spelled(view))),
    done: [],
  };
}

/** Programs get the plain name, however it was called. */
function spelled({ project, selection }: Spelling): Pick<View, 'command' | 'project' | 'selection'> {
  return { command: 'rcssl', project, selection };
}

function body(result: PlanResult, nextChange: Plan['nextChange'], next: readonly string[]): object {
  const { plan, actions, root, config, complete, diagnostics } = result;
  const changes = actions.filter(({ kind }) => kind !== 'keep');
  return {
    root,
    config: pathFrom(root, config),
    complete,
    ca: { owner: plan.ca.id, shared: plan.ca.shared, renewed: plan.ca.renewsRoot, replaced: plan.ca.replacesRoot },
    actions: changes.map((action) => actionJson(action, result)),
    kept: actions.length - changes.length,
    ...(result.hooks.length > 0 && { hooks: result.hooks }),
    undeclared: plan.prune ? [] : plan.removals.map((removal) => actionJson(removal, result)),
    ...(result.trust && { trust: trustPlanJson('trust', result.trust) }),
    ...(nextChange && { nextRenewal: { at: formatInstant(nextChange.at), owner: nextChange.owner } }),
    diagnostics: diagnosticsJson(diagnostics, root),
    next: complete ? [] : next,
  };
}

function actionJson(action: Action | Removal, { root }: Where): object {
  const shown = (path: string): string => pathFrom(root, path);
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
