import { MINUTE, SECOND } from '../kernel/duration.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Source, Tell } from './source.ts';
import { alarm, type Time } from './time.ts';

/**
 * No timer is longer, though the next renewal be years away: a laptop sleeps over it, the clock is set, and what is
 * longer than 24.8 days fires at once (2³¹ ms, as `setTimeout` counts).
 */
const LOOK_EVERY = MINUTE;
/** The two clocks part by so much only when one is set, or the machine has slept. */
const JUMP = 5 * SECOND;

/** Tells when the plan changes by itself, and when the clock jumps: it may have changed then, in either direction. */
export function scheduleSource(time: Time): Source {
  let tell: Tell = () => undefined;
  let due: { readonly at: number; readonly owner: OwnerId } | undefined;
  let told: number | undefined;
  const next = alarm(time);
  let seen = { wall: 0, steady: 0 };

  const look = (): void => {
    const [wall, steady] = [time.wall(), time.steady()];
    const by = wall - seen.wall - (steady - seen.steady);
    seen = { wall, steady };
    // What was due before the clock went back is due again once it comes.
    if (Math.abs(by) >= JUMP) {
      told = due && wall >= due.at ? due.at : undefined;
      tell({ kind: 'change', cause: { code: 'clock', by } });
    } else if (due && wall >= due.at && told !== due.at) {
      told = due.at;
      tell({ kind: 'change', cause: { code: 'due', owner: due.owner } });
    }
    arm();
  };
  const arm = (): void => {
    const left = due && told !== due.at ? due.at - time.wall() : LOOK_EVERY;
    next.set(Math.min(LOOK_EVERY, left), look);
  };
  return {
    start(to) {
      tell = to;
      seen = { wall: time.wall(), steady: time.steady() };
      arm();
    },
    follow({ nextChange }) {
      due = nextChange;
      arm();
    },
    stop: () => next.clear(),
  };
}
