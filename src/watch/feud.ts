import { MINUTE, SECOND, type Duration } from '../kernel/duration.ts';

/** Another program that writes a file anew as soon as it was put right does so at once, and again. */
const AT_ONCE = 2 * SECOND;
/** Nobody edits the same file by hand so often, each time at once. */
const TIMES = 10;

/**
 * Finds files that something else and this watch put right by turns, which would go on for ever: after ten times such a
 * file is left alone for 1 s, then 2, 4 … a minute. Pure; moments are those of a clock that nobody can set.
 */
export interface Feud {
  /** A run has put these right. */
  repaired(paths: readonly string[], now: number): void;
  /** These are other ones than they should be; gives which of them are to be left alone for now. */
  held(paths: readonly string[], now: number): string[];
  /** When the first of these may be put right again. */
  until(paths: readonly string[]): number;
}

interface Side {
  readonly repairedAt: number;
  readonly times: number;
  /** Since the last repair it was another one again, and counted. */
  readonly counted: boolean;
  readonly heldUntil: number;
}

export function feud(): Feud {
  const sides = new Map<string, Side>();
  return {
    repaired(paths, now) {
      for (const path of paths) {
        const times = sides.get(path)?.times ?? 0;
        sides.set(path, { repairedAt: now, times, counted: false, heldUntil: now });
      }
    },
    held(paths, now) {
      return paths.filter((path) => {
        const known = sides.get(path);
        if (!known) return false;
        const side = known.counted ? known : counted(known, now);
        sides.set(path, side);
        return side.heldUntil > now;
      });
    },
    until: (paths) => Math.min(...paths.map((path) => sides.get(path)?.heldUntil ?? 0)),
  };
}

function counted(side: Side, now: number): Side {
  const times = now - side.repairedAt <= AT_ONCE ? side.times + 1 : 0;
  return { ...side, times, counted: true, heldUntil: times < TIMES ? now : now + waitOf(times - TIMES) };
}

function waitOf(times: number): Duration {
  return Math.min(MINUTE, SECOND * 2 ** times);
}
