import { expect, it } from 'vitest';
import { MINUTE, SECOND } from '../kernel/duration.ts';
import { feud } from './feud.ts';

/** Put right, and another one again so many milliseconds later, so often; gives for how long it is left alone each time. */
function byTurns(times: number, after: number): number[] {
  const found = feud();
  let now = 0;
  return Array.from({ length: times }, () => {
    found.repaired(['a', 'b'], now);
    now += after;
    const held = found.held(['a'], now);
    // Looks in between count nothing.
    expect(found.held(['a'], now)).toEqual(held);
    const wait = held.length > 0 ? found.until(held) - now : 0;
    now += wait;
    expect(found.held(['a'], now)).toEqual([]);
    return wait;
  });
}

it('leaves alone what something else writes by turns, longer each time, a minute at most', () => {
  const waits = byTurns(18, 100);
  expect(waits.slice(0, 9)).toEqual(Array(9).fill(0));
  expect(waits.slice(9)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * SECOND));
});

it('holds nothing that somebody changes now and then, nor a file that it never put right', () => {
  expect(byTurns(30, 3 * SECOND)).toEqual(Array(30).fill(0));
  expect(feud().held(['never'], MINUTE)).toEqual([]);
});
