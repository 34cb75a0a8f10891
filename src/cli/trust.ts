import { diagnostic, fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TrustOptions, TrustOutcome, TrustPlan, TrustResult } from '../engine/trust/types.ts';
import type { World } from '../kernel/ports.ts';
import { actAsCaller } from '../platform/as-caller.ts';
import { trustPlanText, trustQuestion, trustText } from '../report/trust.ts';
import { failureOf } from '../report/trust-words.ts';
import { aloneOf, present, projectOf, viewOf, warn, worldOf, type Call } from './call.ts';

/** This machine; under sudo everything is the caller's, and what needs root is still done as root. */
export function trustWorldOf({ io, signal }: Pick<Call, 'io' | 'signal'>): World {
  return worldOf({ io: { ...io, env: actAsCaller(io.env) }, signal });
}

export function trustOptionsOf(call: Call): TrustOptions {
  const { flags, io } = call;
  const { onWait, noWait } = aloneOf(call);
  return {
    ...projectOf(call),
    ...(onWait && { onWait }),
    ...(noWait !== undefined && { noWait }),
    ...(flags.store && { stores: flags.store }),
    userOnly: flags.user ?? false,
    all: flags.all ?? false,
    canAsk: io.interactive,
  };
}

/** What failed, each with its own words and what to do. */
export function failuresOf(outcomes: readonly TrustOutcome[]): Diagnostic[] {
  return outcomes.flatMap((outcome): Diagnostic[] => {
    const failure = failureOf(outcome);
    return failure ? [diagnostic('trust-failed', { store: outcome.title, at: outcome.at, ...failure })] : [];
  });
}

/** `rcssl trust`, also as the end of `apply --trust`. */
export async function runTrust(call: Call): Promise<number> {
  const { planTrustRoots, trustRoots } = await import('../engine/trust/trust.ts');
  return changeTrust(call, 'trust', { plan: planTrustRoots, change: trustRoots });
}

/** The same for a program: the value of `rcssl trust --json`, as a part of apply's. */
export async function trustAfterApply(call: Call): Promise<{ readonly complete: boolean; readonly json: object }> {
  const { trustRoots } = await import('../engine/trust/trust.ts');
  const { trustJson } = await import('../report/trust-json.ts');
  const result = await trustRoots(trustWorldOf(call), trustOptionsOf(call));
  const diagnostics = [...result.diagnostics, ...failuresOf(result.outcomes)];
  return { complete: result.complete, json: trustJson('trust', { ...result, diagnostics }, viewOf(call)) };
}

interface Act {
  readonly plan: (world: World, options: TrustOptions) => Promise<TrustPlan>;
  readonly change: (world: World, options: TrustOptions) => Promise<TrustResult>;
}

/** Shows, asks, does, tells. Exit 1 where a store failed, or one that was named could not be reached. */
export async function changeTrust(call: Call, command: 'trust' | 'untrust', { plan, change }: Act): Promise<number> {
  const { flags, io } = call;
  const [world, view] = [trustWorldOf(call), viewOf(call)];
  const json = () => import('../report/trust-json.ts');
  if (flags['dry-run']) {
    const planned = await plan(world, trustOptionsOf(call));
    await present(call, {
      text: () => trustPlanText(planned, view),
      json: async () => (await json()).trustPlanJson(command, planned),
      diagnostics: planned.diagnostics,
    });
    return 0;
  }
  const confirm = async (planned: TrustPlan): Promise<boolean> => {
    if (!flags.json) {
      warn(call, planned.diagnostics);
      if (!flags.quiet) io.out(`${trustPlanText(planned, view)}\n`);
    }
    if (flags.yes) return true;
    if (flags.json || !io.interactive) fail('trust-needs-leave', { command });
    const terminal = await import('../platform/terminal.ts');
    const answer = await terminal.confirm(trustQuestion(planned, view.unicode), call.signal);
    io.err('\n');
    return answer;
  };
  const result = await change(world, { ...trustOptionsOf(call), confirm });
  const failures = failuresOf(result.outcomes);
  const told = { ...result, diagnostics: [...result.diagnostics, ...failures] };
  await present(call, {
    text: () => trustText(result, view),
    json: async () => (await json()).trustJson(command, told, view),
    diagnostics: failures,
  });
  return result.complete ? 0 : 1;
}
