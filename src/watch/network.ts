import { SECOND } from '../kernel/duration.ts';
import type { Machine } from '../kernel/ports.ts';
import type { Source, Tell } from './source.ts';
import { alarm, type Time } from './time.ts';

/** No system tells Node of its addresses; to ask for them takes a tenth of a millisecond. */
const LOOK_EVERY = 5 * SECOND;

/** Tells when this machine has other addresses or another name, as long as a host wants to know. */
export function networkSource(time: Time, machine: () => Machine): Source {
  let tell: Tell = () => undefined;
  let known: readonly string[] | undefined;
  /** Before the last run, which may have been at work when an address came. */
  let before: readonly string[] = [];
  const next = alarm(time);
  const names = (): string[] => {
    const { addresses, localName } = machine();
    return localName === undefined ? [...addresses] : [...addresses, localName];
  };
  const look = (): void => {
    const now = names();
    const last = known ?? now;
    const [added, removed] = [without(now, last), without(last, now)];
    known = now;
    if (added.length + removed.length > 0) tell({ kind: 'change', cause: { code: 'network', added, removed } });
    next.set(LOOK_EVERY, look);
  };
  return {
    start(to) {
      tell = to;
      before = names();
    },
    follow({ network }) {
      if (!network) before = names();
      if (network === (known !== undefined)) return;
      next.clear();
      known = network ? before : undefined;
      if (network) next.set(LOOK_EVERY, look);
    },
    stop: () => next.clear(),
  };
}

function without(all: readonly string[], those: readonly string[]): string[] {
  return all.filter((name) => !those.includes(name));
}
