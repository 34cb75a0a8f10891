import { describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../kernel/duration.ts';
import { fakeTime } from '../testing/fake-time.ts';
import type { Cause } from './machine.ts';
import { scheduleSource } from './schedule.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const owner = 'host:a.test';

/** A schedule with something due then, and what it has told. */
function schedule(at: number | undefined) {
  const time = fakeTime(NOW);
  const told: Cause[] = [];
  const source = scheduleSource(time);
  const next = (at: number | undefined) =>
    source.follow?.({ paths: [], network: false, nextChange: at === undefined ? undefined : { at, owner } });
  void source.start((what) => what.kind === 'change' && told.push(what.cause));
  next(at);
  return { time, told, source, next };
}

describe('what is due', () => {
  it.each([
    ['in 90 seconds', 90_000],
    ['in 30 days, beyond what setTimeout counts', 30 * DAY],
    ['in 3 years', 3 * 365 * DAY],
  ])('%s is told then, once, and no timer is longer than a minute', (_, wait) => {
    const { time, told } = schedule(NOW + wait);
    time.pass(wait - 1);
    expect(told).toEqual([]);
    time.pass(1);
    expect(told).toEqual([{ code: 'due', owner }]);
    time.pass(10 * MINUTE);
    expect(told).toHaveLength(1);
    expect(time.longest()).toBe(MINUTE);
    expect(time.fired()).toBeLessThanOrEqual(wait / MINUTE + 12);
  });

  it('while the laptop slept is told within a minute of its waking', () => {
    const { time, told } = schedule(NOW + DAY);
    time.pass(10_500);
    time.sleep(3 * DAY);
    time.pass(MINUTE);
    expect(told).toEqual([{ code: 'clock', by: 3 * DAY }]);
  });

  it('before now is told at once', () => {
    const { time, told } = schedule(NOW - DAY);
    time.pass(0);
    expect(told).toEqual([{ code: 'due', owner }]);
  });

  it('is another thing after each run', () => {
    const { time, told, next } = schedule(NOW + DAY);
    time.pass(DAY);
    next(NOW + 2 * DAY);
    time.pass(DAY);
    expect(told).toHaveLength(2);
    next(undefined);
    time.pass(3 * DAY);
    expect(told).toHaveLength(2);
  });
});

describe('a clock that is set', () => {
  it('back by a year is told, and what was due is due again when its time comes', () => {
    const { time, told } = schedule(NOW + 1000);
    time.pass(1000);
    time.set(NOW - 365 * DAY);
    time.pass(MINUTE);
    expect(told.map(({ code }) => code)).toEqual(['due', 'clock']);
    time.pass(365 * DAY);
    expect(told.map(({ code }) => code)).toEqual(['due', 'clock', 'due']);
  });

  it('forward by a year is told, and looked at anew', () => {
    const { time, told } = schedule(NOW + 30 * DAY);
    time.set(NOW + 365 * DAY);
    time.pass(MINUTE);
    expect(told).toMatchObject([{ code: 'clock' }]);
  });

  it('by a second, as time servers do, is not', () => {
    const { time, told } = schedule(NOW + DAY);
    time.set(NOW + 1000);
    time.pass(10 * MINUTE);
    expect(told).toEqual([]);
  });
});

it('is silent when it has been stopped', () => {
  const { time, told, source } = schedule(NOW + MINUTE);
  void source.stop();
  time.pass(DAY);
  expect(told).toEqual([]);
});
