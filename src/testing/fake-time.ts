import type { Time } from '../watch/time.ts';

/** Clocks that go on when they are told to, and timers that count how often they fire. */
export interface FakeTime extends Time {
  /** Time passes, awake. */
  pass(milliseconds: number): void;
  /** The machine sleeps: the wall clock goes on alone. */
  sleep(milliseconds: number): void;
  /** Somebody sets the clock. */
  set(wall: number): void;
  readonly fired: () => number;
  /** The longest that a timer was set for. */
  readonly longest: () => number;
}

export function fakeTime(wall: number): FakeTime {
  let [ahead, steady, fired, longest] = [wall, 0, 0, 0];
  const timers = new Set<{ readonly at: number; readonly call: () => void }>();
  const next = () => [...timers].sort((a, b) => a.at - b.at)[0];
  return {
    wall: () => ahead + steady,
    steady: () => steady,
    after(wait, call) {
      longest = Math.max(longest, wait);
      const timer = { at: steady + wait, call };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    pass(milliseconds) {
      const end = steady + milliseconds;
      for (let timer = next(); timer && timer.at <= end; timer = next()) {
        timers.delete(timer);
        steady = Math.max(steady, timer.at);
        fired += 1;
        timer.call();
      }
      steady = end;
    },
    sleep: (milliseconds) => void (ahead += milliseconds),
    set: (to) => void (ahead = to - steady),
    fired: () => fired,
    longest: () => longest,
  };
}
