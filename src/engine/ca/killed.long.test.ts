import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { callCli } from '../../testing/call-cli.ts';
import { runKilled } from '../../testing/kill.ts';
import { leftovers } from '../../testing/on-disk.ts';
import { scratchProject } from '../../testing/project.ts';
import { backUpRoots } from './backup.ts';

const CONFIG = {
  ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'ca/root.key' } },
  hosts: [{ name: 'a.test', key: 'ecdsa-p256' }],
};
const ENV = { BACKUP: 'tiger-1' };
const RESTORE = ['ca', 'restore', 'dev.age', '--passphrase-env', 'BACKUP'];
/** The moment of a kill is chance: how often it may miss. */
const TRIES = 20;

test.each([
  ['in the staging', 'ca restore', 'undone', RESTORE],
  ['before its journal goes', 'ca restore', 'finished', RESTORE],
  ['before its journal goes', 'apply', 'finished', ['apply']],
])('a restore that is killed %s heals by %s: %s', async (_, __, outcome, healing) => {
  const project = scratchProject(CONFIG, ENV);
  await project.apply();
  await project.apply({ force: ['ca:Root'], replaceRoot: true });
  const key = project.read('ca/root.key');
  await backUpRoots(project.world, { cwd: project.folder, file: 'dev.age', passphrase: { env: 'BACKUP' }, work: 8 });
  const base = dirname(project.folder);
  const phase = outcome === 'undone' ? 'staging' : 'settling';
  const left = (): string[] => leftovers({ base }).filter((name) => name.endsWith('journal.json'));
  for (let tries = 0; tries < TRIES && left().length === 0; tries++) {
    for (const folder of ['ca', '.rcssl']) rmSync(project.path(folder), { recursive: true, force: true });
    await runKilled(project, RESTORE, { ...ENV, RCSSL_KILL: `${phase} ${tries / 10}` });
  }
  expect(left()).toHaveLength(1);
  const healed = await callCli(project, [...healing, '--json']);
  expect(healed).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(healed.out)).toMatchObject({
    complete: true,
    diagnostics: [{ code: 'apply-recovered', args: { outcome } }],
  });
  expect(leftovers({ base })).toEqual([]);
  expect(project.read('ca/root.key')).toBe(key);
});
