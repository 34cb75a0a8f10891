import { RcsslError } from '../diagnostics/diagnostic.ts';
import { preloadApply } from '../engine/follow.ts';
import { hookDiagnostics } from '../engine/hooks.ts';
import type { ApplyOptions, ApplyResult } from '../engine/types.ts';
import { MINUTE, SECOND } from '../kernel/duration.ts';
import type { World } from '../kernel/ports.ts';
import type { WatchEvent } from './events.ts';
import { feud } from './feud.ts';
import { backOff, INITIAL, step, wakeAt, type Causes, type Input, type State } from './machine.ts';
import { runner } from './run.ts';
import type { Source, Told } from './source.ts';
import { diagnosticsOf, teller } from './tell.ts';
import { alarm, type Time } from './time.ts';

export interface WatchPorts {
  /** This machine as it is now: its addresses change. */
  readonly fresh: () => World;
  readonly time: Time;
  readonly sources: readonly Source[];
}

export interface Driver {
  begin(): Promise<void>;
  /** Ends all that goes on; resolves when nothing does. Told once, as the last event. */
  end(why: 'asked' | 'signal'): Promise<void>;
}

/** A change is looked at once its events have come: a checkout has thousands. */
const STIR = 20;
/** Whatever the system did not tell of is found by then. */
const SWEEP_EVERY = MINUTE;
/** What it has told of by then is no proof that it does not tell. */
const UNTOLD = 5 * SECOND;
/** What comes while the system begins to tell of a file, a new one or one that was away, is found by a look after that. */
const LATE = [250, 1500];

/** Feeds the machine and does what it says. */
export function drive(
  { fresh, time, sources }: WatchPorts,
  options: ApplyOptions,
  push: (event: WatchEvent) => void,
): Driver {
  const ended = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
  const project = runner(fresh, { ...options, signal });
  const told = teller(push, () => time.wall());
  const alarms = { machine: alarm(time), stir: alarm(time), sweep: alarm(time), contested: alarm(time) };
  const late = LATE.map((wait) => ({ wait, alarm: alarm(time) }));
  const contested = feud();
  let state: State = INITIAL;
  let running: Promise<void> | undefined;
  let ending: Promise<void> | undefined;
  let stirredAt = -Infinity;

  const feed = (input: Input): void => {
    const last = state;
    const next = step(last, input, time.steady());
    state = next;
    if (next.at === 'running' && last.at !== 'running') running = run(next.causes, next.failures);
    const wake = wakeAt(state);
    alarms.machine.clear();
    if (wake !== undefined) alarms.machine.set(wake - time.steady(), () => feed({ kind: 'tick' }));
  };

  const run = async (causes: Causes, failures: number): Promise<void> => {
    let ok = true;
    try {
      const result = await project.run(causes, (plan) => told.tell({ type: 'started', causes, plan }));
      contested.repaired(pathsOf(result.done), time.steady());
      told.applied(causes, result);
      if (result.notes.length > 0) told.tell({ type: 'notice', diagnostics: result.notes });
      const owed = hookDiagnostics(result.ran);
      if (owed.length > 0) throw new RcsslError(owed);
    } catch (error) {
      ok = false;
      if (!signal.aborted) told.failed(causes, error, backOff(failures + 1));
    }
    const followed = project.followed();
    told.watching(followed);
    for (const source of sources) source.follow?.(followed);
    feed({ kind: 'finished', ok });
    compare();
    lookLate();
  };

  const lookLate = (): void => {
    if (state.at !== 'stopped') for (const each of late) each.alarm.set(each.wait, compare);
  };

  /** What happens during a run is found when it has ended. */
  const compare = (): void => {
    if (state.at === 'running' || state.at === 'stopped') return;
    const changed = project.changed();
    const held = contested.held(changed, time.steady());
    if (held.length > 0) {
      told.contested(held);
      alarms.contested.set(contested.until(held) - time.steady(), compare);
    }
    const paths = changed.filter((path) => !held.includes(path));
    if (paths.length > 0) feed({ kind: 'change', cause: { code: 'files', paths } });
  };

  const sweep = (): void => {
    const deaf = state.at === 'idle' && time.steady() - stirredAt > UNTOLD && project.changed().length > 0;
    if (deaf) told.trouble('deaf');
    compare();
    alarms.sweep.set(SWEEP_EVERY, sweep);
  };

  const showPlan = async (): Promise<void> => {
    try {
      told.tell({ type: 'plan', plan: await project.plan() });
    } catch (error) {
      told.tell({ type: 'notice', diagnostics: diagnosticsOf(error) });
    }
  };

  const hear = (what: Told): void => {
    if (state.at === 'stopped') return;
    if (what.kind === 'change') feed(what);
    else if (what.kind === 'stir') {
      stirredAt = time.steady();
      if (!alarms.stir.isSet()) alarms.stir.set(STIR, compare);
      lookLate();
    } else if (what.kind === 'plan') void showPlan();
    else if (what.kind === 'trouble') told.trouble(what.why);
    else void end('asked');
  };

  const end = (why: 'asked' | 'signal'): Promise<void> => {
    feed({ kind: 'stop' });
    ending ??= stop(why);
    return ending;
  };

  const stop = async (why: 'asked' | 'signal'): Promise<void> => {
    for (const each of [...Object.values(alarms), ...late.map((one) => one.alarm)]) each.clear();
    ended.abort(new Error('the watch has ended'));
    await Promise.all([running, ...sources.map((source) => source.stop())]);
    told.tell({ type: 'stopped', why });
  };

  return {
    async begin() {
      signal.addEventListener('abort', () => void end('signal'), { once: true });
      if (signal.aborted) return end('signal');
      await preloadApply();
      for (const source of sources) await source.start(hear);
      alarms.sweep.set(SWEEP_EVERY, sweep);
      feed({ kind: 'change', cause: { code: 'start' } });
    },
    end,
  };
}

function pathsOf(done: ApplyResult['done']): string[] {
  return done.map((action) => (action.kind === 'remove' ? action.path : action.target.path));
}
