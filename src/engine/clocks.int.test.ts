import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../kernel/duration.ts';
import { scratchProject, summary, type ScratchProject } from '../testing/project.ts';

/* A clock that is wrong, or was: nothing is issued again and again, and the root keeps its key. */

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } };
const BASE = { ca: CA, hosts: [{ name: 'app.test', key: 'ecdsa-p256' }] };
const NOW = Date.UTC(2026, 5, 1);

async function appliedAt(now: number): Promise<ScratchProject> {
  const project = scratchProject(BASE);
  project.setNow(now);
  await project.apply();
  expect((await project.apply()).done).toEqual([]);
  return project;
}

/** What the next apply has to do, if it leaves nothing to a second one and the root its key. */
async function settled(project: ScratchProject): Promise<string[]> {
  const key = project.read('certs/root.key');
  const todo = summary(await project.plan());
  await project.apply();
  expect((await project.apply()).done).toEqual([]);
  expect(project.read('certs/root.key')).toBe(key);
  return todo;
}

const TEN_YEARS = 3653 * DAY;
const NOT_YET = [
  'blocked certificate ca:Test Root: not-yet-valid',
  'blocked certificate host:app.test: waits not-yet-valid',
];
const EXPIRED = ['replace certificate ca:Test Root: expired', 'replace certificate host:app.test: expired'];

describe('a clock that was wrong when everything was made', () => {
  it.each([
    ['an hour ahead', HOUR, []],
    ['ten years ahead', TEN_YEARS, NOT_YET],
    ['an hour behind', -HOUR, []],
    ['ten years behind', -TEN_YEARS, EXPIRED],
  ])('%s, and is right now', async (_, off, expected) => {
    const project = await appliedAt(NOW + off);
    project.setNow(NOW);
    const certificates = (await settled(project)).filter((line) => line.includes(' certificate '));
    expect(certificates).toEqual(expected);
    // What could not be mended is by waiting, and without anybody.
    project.setNow(NOW + Math.max(off, 0));
    expect((await project.plan()).complete).toBe(true);
  });
});

describe('a clock that goes wrong later', () => {
  it.each([
    ['an hour ahead', HOUR, []],
    ['ten years ahead', TEN_YEARS, EXPIRED],
    ['an hour behind', -HOUR, []],
    ['ten years behind', -TEN_YEARS, NOT_YET],
  ])('%s, and comes right', async (_, off, expected) => {
    const project = await appliedAt(NOW);
    const key = project.read('certs/root.key');
    project.setNow(NOW + off);
    const certificates = (await settled(project)).filter((line) => line.includes(' certificate '));
    expect(certificates).toEqual(expected);
    project.setNow(NOW);
    await settled(project);
    expect(project.read('certs/root.key')).toBe(key);
  });

  it('and issues one certificate from the future: that is issued anew, once', async () => {
    const project = await appliedAt(NOW);
    project.setNow(NOW + 100 * DAY);
    await project.apply({ force: ['app.test'] });
    project.setNow(NOW);
    expect(await settled(project)).toEqual([
      'replace certificate host:app.test: not-yet-valid',
      'replace fullchain host:app.test: certificate-changed',
    ]);
    expect((await project.plan()).complete).toBe(true);
  });
});

it('a leap day is a day like any other', async () => {
  const leap = Date.UTC(2028, 1, 29, 12);
  const project = scratchProject({
    ...BASE,
    hosts: [
      { ...BASE.hosts[0], validity: '1y' },
      { name: 'day.test', key: 'ecdsa-p256', validity: '366d' },
    ],
  });
  project.setNow(leap);
  await project.apply();
  expect(await settled(project)).toEqual([]);
  const until = (name: string): number => Date.parse(new X509Certificate(project.read(`certs/${name}.crt`)).validTo);
  expect(until('day.test') - until('app.test')).toBe(DAY);
  for (const day of [Date.UTC(2028, 2, 1), Date.UTC(2028, 11, 31)]) {
    project.setNow(day);
    expect(summary(await project.plan())).toEqual([]);
  }
});
