import { MINUTE, SECOND, type Duration } from '../kernel/duration.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OwnerId } from '../kernel/ids.ts';

/** Why a watch looks at its project: a stable code with facts. */
export type Cause =
  | { readonly code: 'start' }
  /** Files that it follows are other ones than before; absolute. */
  | { readonly code: 'files'; readonly paths: readonly string[] }
  /** The moment at which the plan changes by itself. */
  | { readonly code: 'due'; readonly owner: OwnerId }
  /** The clock was set, or the machine slept, by this many milliseconds. */
  | { readonly code: 'clock'; readonly by: Duration }
  /** This machine has other addresses. */
  | { readonly code: 'network'; readonly added: readonly string[]; readonly removed: readonly string[] }
  /** Somebody wants it: a key, SIGHUP. */
  | { readonly code: 'asked'; readonly for: 'run' | 'force' | 'reload' }
  /** The last run failed. */
  | { readonly code: 'retry'; readonly attempt: number };

/**
 * What a watch is about. Moments here are those of a clock that nobody can set.
 *
 *     idle → dirty → running → idle, or dirty again
 */
export type State =
  /** `retryAt`: the last run failed, and is tried again then. */
  | { readonly at: 'idle'; readonly failures: number; readonly retryAt: Instant | undefined }
  /** Waits until it is quiet: a save in an editor is several events and one run. */
  | {
      readonly at: 'dirty';
      readonly failures: number;
      readonly causes: Causes;
      readonly since: Instant;
      readonly runAt: Instant;
    }
  /** `again`: what changed meanwhile; however much it is, one more run covers it. */
  | { readonly at: 'running'; readonly failures: number; readonly causes: Causes; readonly again: readonly Cause[] }
  | { readonly at: 'stopped' };

export type Causes = readonly [Cause, ...Cause[]];

export type Input =
  | { readonly kind: 'change'; readonly cause: Cause }
  | { readonly kind: 'finished'; readonly ok: boolean }
  /** Time has passed. */
  | { readonly kind: 'tick' }
  | { readonly kind: 'stop' };

/** So long nothing may happen before a run … */
export const QUIET: Duration = 100;
/** … but what never ends (a checkout of a thousand files) is not waited for longer than this. */
export const LONGEST_BURST: Duration = SECOND;

export const INITIAL: State = { at: 'idle', failures: 0, retryAt: undefined };

/** How long after the nth failure in a row it is tried again: 1 s, 2 s, 4 s … a minute. */
export function backOff(failures: number): Duration {
  return Math.min(MINUTE, SECOND * 2 ** (failures - 1));
}

/** Pure. Who drives it starts a run whenever the state becomes `running`, and says when that one has finished. */
export function step(state: State, input: Input, now: Instant): State {
  if (state.at === 'stopped' || input.kind === 'stop') return { at: 'stopped' };
  switch (input.kind) {
    case 'change':
      return changed(state, input.cause, now);
    case 'finished':
      return state.at === 'running' ? finished(state, input.ok, now) : state;
    case 'tick':
      return ticked(state, now);
  }
}

/** When it wants the next tick; undefined where it waits for the world. */
export function wakeAt(state: State): Instant | undefined {
  if (state.at === 'dirty') return state.runAt;
  return state.at === 'idle' ? state.retryAt : undefined;
}

type Alive = Exclude<State, { at: 'stopped' }>;

function changed(state: Alive, cause: Cause, now: Instant): State {
  switch (state.at) {
    case 'idle':
      return dirty(state.failures, [cause], now, now);
    case 'dirty':
      return dirty(state.failures, withCause(state.causes, cause), state.since, now);
    case 'running':
      return { ...state, again: withCause(state.again, cause) };
  }
}

/** Who asks does not want to wait, and what is due by the clock comes in no bursts. */
function dirty(failures: number, causes: Causes, since: Instant, now: Instant): State {
  const waits = causes.every(({ code }) => code === 'files' || code === 'network');
  const runAt = waits ? Math.min(now + QUIET, since + LONGEST_BURST) : now;
  return { at: 'dirty', failures, causes, since, runAt };
}

function finished(state: State & { at: 'running' }, ok: boolean, now: Instant): State {
  const failures = ok ? 0 : state.failures + 1;
  const [first, ...rest] = state.again;
  if (first) return dirty(failures, [first, ...rest], now, now);
  return { at: 'idle', failures, retryAt: ok ? undefined : now + backOff(failures) };
}

function ticked(state: Alive, now: Instant): State {
  const { failures } = state;
  if (state.at === 'dirty' && now >= state.runAt) return { at: 'running', failures, causes: state.causes, again: [] };
  if (state.at === 'idle' && state.retryAt !== undefined && now >= state.retryAt) {
    return { at: 'running', failures, causes: [{ code: 'retry', attempt: failures }], again: [] };
  }
  return state;
}

/** Files come together in one cause; of any other kind the last one counts. */
function withCause(causes: readonly Cause[], cause: Cause): Causes {
  const merged = causes.map((known) => (sameKind(known, cause) ? merge(known, cause) : known));
  const [first, ...rest] = causes.some((known) => sameKind(known, cause)) ? merged : [...causes, cause];
  return [first ?? cause, ...rest];
}

function sameKind(a: Cause, b: Cause): boolean {
  return a.code === b.code && (a.code !== 'asked' || b.code !== 'asked' || a.for === b.for);
}

function merge(known: Cause, cause: Cause): Cause {
  if (known.code !== 'files' || cause.code !== 'files') return cause;
  return { code: 'files', paths: [...new Set([...known.paths, ...cause.paths])] };
}
