import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, INITIAL, LONGEST_BURST, QUIET, step, wakeAt, type Cause, type Input, type State } from './machine.ts';

const file = (path: string): Cause => ({ code: 'files', paths: [path] });
const change = (cause: Cause): Input => ({ kind: 'change', cause });
const TICK: Input = { kind: 'tick' };
const done = (ok: boolean): Input => ({ kind: 'finished', ok });

/** Feeds inputs at their moments. */
function play(...inputs: readonly (readonly [at: number, input: Input])[]): State {
  return inputs.reduce((state, [at, input]) => step(state, input, at), INITIAL);
}

describe('a change', () => {
  it('runs once it has been quiet', () => {
    const dirty = play([0, change(file('a'))]);
    expect(wakeAt(dirty)).toBe(QUIET);
    expect(step(dirty, TICK, QUIET - 1).at).toBe('dirty');
    expect(step(dirty, TICK, QUIET)).toMatchObject({ at: 'running', causes: [file('a')] });
  });

  it('in a burst is one run with all of its files', () => {
    const state = play([0, change(file('a'))], [50, change(file('b'))], [90, change(file('a'))]);
    expect(wakeAt(state)).toBe(90 + QUIET);
    expect(step(state, TICK, 190)).toMatchObject({ at: 'running', causes: [{ code: 'files', paths: ['a', 'b'] }] });
  });

  it('in a burst that never ends is not put off for ever', () => {
    let state: State = INITIAL;
    for (let at = 0; at <= 2000; at += 50) state = step(state, change(file('a')), at);
    expect(wakeAt(state)).toBe(LONGEST_BURST);
  });

  it('that somebody asks for runs at once', () => {
    const state = play([0, change(file('a'))], [10, change({ code: 'asked', for: 'run' })]);
    expect(step(state, TICK, 10)).toMatchObject({
      at: 'running',
      causes: [file('a'), { code: 'asked', for: 'run' }],
    });
  });
});

describe('a run', () => {
  const running: readonly (readonly [number, Input])[] = [
    [0, change(file('a'))],
    [100, TICK],
  ];

  it('makes exactly one more for all that changed meanwhile', () => {
    const state = play(...running, [150, change(file('b'))], [160, change(file('c'))], [200, done(true)]);
    expect(state).toMatchObject({ at: 'dirty', causes: [{ code: 'files', paths: ['b', 'c'] }] });
    const second = step(step(state, TICK, 300), done(true), 400);
    expect(second).toEqual(INITIAL);
    expect(wakeAt(second)).toBeUndefined();
  });

  it('that fails is tried again with back-off up to a minute, and a success forgets it', () => {
    let state = play(...running);
    const waits: number[] = [];
    for (let at = 100; waits.length < 8;) {
      state = step(state, done(false), at);
      const next = wakeAt(state) ?? 0;
      waits.push(next - at);
      at = next;
      expect(step(state, TICK, at - 1).at).toBe('idle');
      state = step(state, TICK, at);
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
    expect(state).toMatchObject({ at: 'running', causes: [{ code: 'retry', attempt: 8 }] });
    expect(step(state, done(true), 0)).toEqual(INITIAL);
    expect(backOff(2000)).toBe(60_000);
  });

  it('that failed is tried again at the next change, without waiting', () => {
    const state = play(...running, [200, done(false)], [300, change(file('a'))]);
    expect(state).toMatchObject({ at: 'dirty', runAt: 300 + QUIET, failures: 1 });
  });

  it('is never begun by a clock that stands or goes back', () => {
    const state = play([1000, change(file('a'))]);
    expect(step(state, TICK, 500)).toEqual(state);
  });
});

it('stops from anywhere, for good', () => {
  for (const state of [play(), play([0, change(file('a'))]), play([0, change(file('a'))], [100, TICK])]) {
    const stopped = step(state, { kind: 'stop' }, 0);
    expect(step(step(stopped, change(file('a')), 1), TICK, 1_000_000)).toEqual({ at: 'stopped' });
  }
});

it('runs no more often than there are changes, and every change is followed by a run', () => {
  const inputs = fc.array(fc.tuple(fc.nat(400), fc.constantFrom('change', 'tick', 'finished')), { maxLength: 60 });
  fc.assert(
    fc.property(inputs, (moves) => {
      let [state, at, runs, changes, owed]: [State, number, number, number, boolean] = [INITIAL, 0, 0, 0, false];
      const feed = (input: Input): void => {
        const next = step(state, input, at);
        if (next.at === 'running' && state.at !== 'running') [runs, owed] = [runs + 1, false];
        state = next;
      };
      for (const [wait, kind] of moves) {
        at += wait;
        if (kind === 'change') {
          [changes, owed] = [changes + 1, true];
          feed(change(file('a')));
        } else feed(kind === 'tick' ? TICK : done(true));
      }
      for (let i = 0; i < 3; i += 1) {
        feed(done(true));
        at += LONGEST_BURST;
        feed(TICK);
      }
      expect(runs).toBeLessThanOrEqual(changes);
      expect(owed).toBe(false);
    }),
  );
});
