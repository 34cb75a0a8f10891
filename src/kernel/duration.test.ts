import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DAY, formatDuration, MINUTE, parseDuration, SECOND } from './duration.ts';

it.each([
  ['90s', 90 * SECOND],
  ['10m', 10 * MINUTE],
  ['12h', DAY / 2],
  ['365d', 365 * DAY],
  ['2w', 14 * DAY],
  ['2y', 730 * DAY],
])('reads %s', (text, duration) => expect(parseDuration(text)).toBe(duration));

it.each(['', '0d', '-1d', '1.5h', '1 d', 'd', '10', '1M', '1d2h', '9999999999d'])('refuses %j', (text) =>
  expect(parseDuration(text)).toBeUndefined(),
);

it('writes what it reads', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e8 }), (seconds) => {
      expect(parseDuration(formatDuration(seconds * SECOND))).toBe(seconds * SECOND);
    }),
  );
});
