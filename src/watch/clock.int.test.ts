import { chmodSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../kernel/duration.ts';
import { fakeTime } from '../testing/fake-time.ts';
import { scratchProject, summary } from '../testing/project.ts';
import { watchedConfig } from '../testing/watching.ts';
import type { WatchEvent } from './events.ts';
import { scheduleSource } from './schedule.ts';
import { watchProject } from './watch.ts';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const HOST = { name: 'a.test', key: 'ecdsa-p256' };

/** A watch whose days pass in no time, on a real disk; nothing tells it of changes to files. */
async function watch(host: object = HOST) {
  const { ca } = watchedConfig();
  const project = scratchProject({ ca: { ...ca, validity: '20y' }, hosts: [host] });
  const time = fakeTime(NOW);
  const fresh = () => ({ ...project.world, clock: { now: () => time.wall() } });
  const ended = new AbortController();
  const options = { cwd: project.folder, durable: false, signal: ended.signal };
  const events: WatchEvent[] = [];
  const done = (async () => {
    const sources = [scheduleSource(time)];
    for await (const event of watchProject({ fresh, time, sources }, options)) events.push(event);
  })();
  onTestFinished(async () => {
    ended.abort();
    await done;
  });
  const real = () => new Promise((resolve) => setTimeout(resolve, 5));
  /** Lets what is due now be done, and gives what was. */
  const told = async (): Promise<string[]> => {
    const from = events.length;
    for (let i = 0; i < 40; i += 1) {
      time.pass(0);
      await real();
    }
    return events.slice(from).flatMap((event) => {
      if (event.type === 'applied') return summary(event.result);
      return event.type === 'notice' ? event.diagnostics.map(({ code }) => code) : [];
    });
  };
  await told();
  // The files were made after this moment by the clock of the disk, so that they are looked at twice.
  time.pass(SECOND);
  await told();
  return { project, time, told };
}

const RENEWED = ['replace certificate host:a.test: expires-soon', 'replace fullchain host:a.test: certificate-changed'];

it.each([
  ['in 30 days', '90d', 60 * DAY],
  ['in 3 years', '1825d', 1795 * DAY],
])('a renewal that is due %s comes then, and not before', async (_, validity, wait) => {
  const { time, told } = await watch({ ...HOST, validity });
  // Minute by minute, as it goes awake, is for schedule.test.ts.
  time.sleep(wait - 3 * HOUR);
  time.pass(MINUTE);
  expect(await told()).toEqual([]);
  time.pass(3 * HOUR);
  expect(await told()).toEqual(RENEWED);
  time.pass(3 * HOUR);
  expect(await told()).toEqual([]);
});

it('a renewal comes within a minute of waking where the laptop slept over it', async () => {
  const { time, told } = await watch({ ...HOST, validity: '90d' });
  time.sleep(70 * DAY);
  time.pass(MINUTE);
  expect(await told()).toEqual(RENEWED);
});

it('a clock that is set back by a year leaves the root alone and says so, and nothing is made anew when it is right again', async () => {
  const { time, told } = await watch();
  time.set(NOW - 365 * DAY);
  time.pass(MINUTE);
  expect((await told())[0]).toBe('blocked certificate ca:Watched Root: not-yet-valid');
  time.set(NOW + MINUTE);
  time.pass(MINUTE);
  expect(await told()).toEqual([]);
});

it('a change that nothing tells of is found within a minute, and that nothing tells is told', async () => {
  const { project, time, told } = await watch();
  // The looks that follow a run are over.
  time.pass(2 * SECOND);
  expect(await told()).toEqual([]);
  chmodSync(project.path('certs/a.test.key'), 0o644);
  expect(await told()).toEqual([]);
  time.pass(MINUTE + SECOND);
  expect(await told()).toEqual(['watch-trouble', 'rewrite key host:a.test: mode']);
});
