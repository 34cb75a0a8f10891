import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { callCli } from '../testing/call-cli.ts';
import { bin } from '../testing/built.ts';
import { hostPair, leftovers, mismatches, unverified } from '../testing/on-disk.ts';
import { scratchProject } from '../testing/project.ts';
import { seeded } from '../testing/random.ts';
import { environment } from '../testing/transcript.ts';
import { watchPairs } from '../testing/watch.ts';
import { join } from 'node:path';

const KILLS = 60;
const NAMES = ['a.test', 'b.test', 'c.test'];

/** Each generation of the configuration wants all keys and certificates anew. */
function config(generation: number): object {
  return {
    ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'ca/root.key' } },
    hosts: NAMES.map((name) => ({
      name,
      key: generation % 2 === 0 ? 'ecdsa-p256' : 'ecdsa-p384',
      validity: `${30 + (generation % 60)}d`,
    })),
  };
}

it(`${KILLS} watchers that are killed at any time are healed by the next`, async () => {
  const project = scratchProject(config(0));
  await project.apply();
  const base = join(project.folder, '..');
  const root = { key: project.path('ca/root.key'), certs: [project.path('ca/root.crt')] };
  const set = { base, root, hosts: NAMES.map((name) => hostPair(project.folder, name)) };
  const stop = watchPairs([set]);
  const random = seeded(20_261_125);
  let interrupted = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const child = spawn(process.execPath, [bin, 'watch', '--json'], {
      cwd: project.folder,
      env: environment(project.folder),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // Once it watches; what the watcher before had left undone it does by then.
    await new Promise((resolve) =>
      child.stdout.on('data', (text: Buffer) => text.includes('"event":"watching"') && resolve(undefined)),
    );
    project.configure(config(kill));
    // Quiet, plan, keys, files: all of it is over after some 300 ms here.
    await sleep(100 + random() * 300);
    child.kill('SIGKILL');
    await ended;
    expect(mismatches(set)).toEqual([]);
    if (leftovers(set).length > 0) interrupted += 1;
  }
  expect((await callCli(project, ['watch', '--until-complete', '--quiet'])).code).toBe(0);
  expect((await callCli(project, ['check'])).code).toBe(0);
  expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  const { looks, mismatches: mixed } = await stop();
  process.stdout.write(
    `kill -9 of a watch: ${KILLS}, ${interrupted} in an apply; ${mixed.length} pairs mixed in ${looks} looks\n`,
  );
  expect(mixed).toEqual([]);
  expect(interrupted).toBeGreaterThan(0);
});
