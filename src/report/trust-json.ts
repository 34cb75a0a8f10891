import type { TrustLine, TrustOutcome, TrustPlan, TrustResult, TrustStatusResult } from '../engine/trust/types.ts';
import { formatInstant } from '../kernel/instant.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { failureOf, faultWords, skipText } from './trust-words.ts';
import { trustNext } from './trust.ts';
import type { View } from './view.ts';

type Command = 'trust' | 'untrust';

/** The value of `rcssl trust --dry-run --json` and of `untrust`. */
export function trustPlanJson(command: Command, plan: TrustPlan): object {
  const { roots, diagnostics, root, lines } = plan;
  return {
    ...headOf(command, plan),
    dryRun: true,
    roots,
    stores: lines.map(lineJson),
    diagnostics: diagnosticsJson(diagnostics, root),
    next: [],
  };
}

/** The value of `rcssl trust --json` and of `untrust`. */
export function trustJson(command: Command, result: TrustResult, view: View): object {
  const { roots, diagnostics, root, outcomes, complete } = result;
  return {
    ...headOf(command, result),
    dryRun: false,
    complete,
    roots,
    stores: outcomes.map(outcomeJson),
    diagnostics: diagnosticsJson(diagnostics, root),
    next: trustNext(result, view),
  };
}

/** The value of `rcssl trust --status --json`. */
export function trustStatusJson(result: TrustStatusResult): object {
  const { roots, states, diagnostics, root } = result;
  return {
    ...headOf('trust', result),
    status: true,
    roots,
    stores: states.map(({ store, title, at, root: of, state, skip, fault, since, project }) => ({
      store,
      title,
      ...(at !== undefined && { place: at }),
      root: of,
      state,
      ...(skip && { reason: { code: skip.code, text: skipText(skip) } }),
      ...(fault && { failure: { ...faultWords(fault), output: fault.output } }),
      ...(since !== undefined && { since: formatInstant(since), project }),
    })),
    diagnostics: diagnosticsJson(diagnostics, root),
    next: [],
  };
}

/** The value of `rcssl trust --print --json`. */
export function trustScriptJson(os: string, script: string): object {
  return { formatVersion: 1, command: 'trust', os, script, diagnostics: [], next: [] };
}

function headOf(command: Command, { config, root }: Pick<TrustPlan, 'config' | 'root'>): object {
  const at = config === undefined ? {} : { root, config: pathFrom(root, config) };
  return { formatVersion: 1, command, ...at };
}

function lineJson({ store, title, at, root, change, skip, fault, fed, commands }: TrustLine): object {
  return {
    store,
    title,
    ...(at !== undefined && { place: at }),
    root,
    change,
    ...(skip && { reason: { code: skip.code, text: skipText(skip) } }),
    ...(fault && { failure: { ...faultWords(fault), output: fault.output } }),
    ...(fed && { fed }),
    commands,
  };
}

function outcomeJson(outcome: TrustOutcome): object {
  const failure = failureOf(outcome);
  const output = outcome.fault?.output ?? '';
  return { ...lineJson(outcome), result: outcome.result, ...(failure && { failure: { ...failure, output } }) };
}
