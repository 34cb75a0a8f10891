import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, HOUR, SECOND } from '../kernel/duration.ts';
import { renewalInstant, timeReasons, validityOf } from '../plan/renewal.ts';
import { windowAt } from './window.ts';

const NOW = Date.UTC(2026, 10, 24, 4, 5, 38, 250);

it('begins an hour back and never lasts longer than declared', () => {
  const window = windowAt(NOW, 825 * DAY, 30 * DAY, 0);
  expect(window.notBefore).toBe(Date.UTC(2026, 10, 24, 3, 5, 38));
  expect(validityOf(window)).toBe(825 * DAY);
});

it('never begins before the issuer does', () => {
  expect(windowAt(NOW, DAY, HOUR, NOW - 250).notBefore).toBe(NOW - 250);
});

it('is never due at birth, however short', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 1e8 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (seconds, share) => {
      const validity = seconds * SECOND;
      const renewBefore = Math.floor((seconds - 2) * share) * SECOND;
      const window = windowAt(NOW, validity, renewBefore, 0);
      expect(timeReasons(window, renewBefore, undefined, NOW)).toEqual([]);
      const due = renewalInstant(window.notAfter, renewBefore);
      expect(timeReasons(window, renewBefore, undefined, due).length).toBe(1);
      expect(timeReasons(window, renewBefore, undefined, due - 1)).toEqual([]);
    }),
  );
});
