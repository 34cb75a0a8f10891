import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callCli } from './call-cli.ts';
import { runKilled } from './kill.ts';
import {
  hostPair,
  leftovers,
  mismatches,
  publicKeyOf,
  readIfThere,
  rootKeys,
  unverified,
  type DiskSet,
} from './on-disk.ts';
import { scratchProject, type ScratchProject } from './project.ts';
import { seeded } from './random.ts';
import { watchPairs } from './watch.ts';

/*
 * kill -9 at a random moment of an apply that replaces a root and six hosts with all their keys, again and again in the
 * same two projects, while a reader polls the pairs: one with its root beside it, one with a root in the folder of data,
 * where there are two journals.
 */

const KILLS = Number(process.env['RCSSL_RUNS'] ?? 500);
/** Two of the hosts are folders behind a link. */
const layoutOf = (name: string): 'files' | 'atomic' => (name < 'h2' ? 'atomic' : 'files');
const NAMES = Array.from({ length: 6 }, (_, index) => `h${index}.test`);
/** How many of ten kills fall into a phase; what only reads gets few. */
const SHARES = { start: 1, making: 1, staging: 3, renames: 3, settling: 1, ending: 1 };
type Phase = keyof typeof SHARES;

const random = seeded(Number(process.env['RCSSL_SEED'] ?? 1));
const tally = new Map<string, number>();
const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);

interface Lane {
  readonly project: ScratchProject;
  readonly set: DiskSet;
  /** In milliseconds. */
  readonly lengths: Readonly<Record<Phase, number>>;
  readonly archives: Map<string, string[]>;
}

function replaceAll(project: ScratchProject, env: Record<string, string>): Promise<string | number | null> {
  return runKilled(project, ['apply', '--force', 'ca:Root', '--replace-root'], env);
}

async function lane(output: object): Promise<Lane> {
  const hosts = NAMES.map((name) => ({ name, layout: layoutOf(name), key: 'ecdsa-p256', reuseKey: false }));
  const project = scratchProject({ ca: { name: 'Root', key: 'ecdsa-p256', ...output }, hosts });
  await project.apply();
  const base = join(project.folder, '..');
  const key = readdirSync(base, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('root.key')) ?? '';
  const root = { key: join(base, key), certs: [join(base, key.replace(/key$/, 'crt'))] };
  const measured: Record<Phase, number>[] = [];
  for (let run = 0; run < 5; run++) {
    const file = join(base, 'phases');
    expect(await replaceAll(project, { RCSSL_PHASES: file })).toBe(0);
    measured.push(JSON.parse(readFileSync(file, 'utf8')) as Record<Phase, number>);
  }
  const median = (phase: Phase): number => measured.map((lengths) => lengths[phase]).sort((a, b) => a - b)[2]!;
  const lengths = Object.fromEntries(Object.keys(SHARES).map((phase) => [phase, median(phase as Phase)]));
  const set = { base, root, hosts: NAMES.map((name) => hostPair(project.folder, name, layoutOf(name))) };
  return { project, set, lengths: lengths as Record<Phase, number>, archives: new Map() };
}

/** Where the kill met the apply, from what it left. */
function stageOf({ base, root }: DiskSet, liveBefore: string | undefined): string {
  const journals = leftovers({ base }).filter((name) => name.endsWith('journal.json'));
  if (journals.length === 0) return publicKeyOf(root.key)[0] === liveBefore ? 'before' : 'after';
  const isReady = journals.some((name) => readIfThere(join(base, name))?.includes('"ready": true'));
  return isReady ? 'in the renames' : 'in the staging';
}

async function killOnce({ project, set, lengths, archives }: Lane, phase: Phase, known: Set<string>): Promise<void> {
  const [live] = publicKeyOf(set.root.key);
  const ended = await replaceAll(project, { RCSSL_KILL: `${phase} ${random() * lengths[phase] * 1.1}` });
  expect(['SIGKILL', 0]).toContain(ended);
  if (ended === 'SIGKILL') count('killed');
  count(stageOf(set, live));
  expect(mismatches(set)).toEqual([]);
  const allKept = (): void => {
    const keys = rootKeys(set, archives);
    expect([...known].filter((key) => !keys.has(key))).toEqual([]);
    for (const key of keys) known.add(key);
  };
  allKept();
  const healed = await callCli(project, ['apply', '--replace-root', '--json']);
  expect(healed).toMatchObject({ code: 0, err: '' });
  const { diagnostics } = JSON.parse(healed.out) as { diagnostics: { code: string; args: { outcome: string } }[] };
  const recovered = diagnostics.filter(({ code }) => code === 'apply-recovered');
  for (const { args } of recovered) count(args.outcome);
  if (recovered.length === 0) count('nothing to recover');
  expect((await callCli(project, ['check'])).code).toBe(0);
  expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  allKept();
}

test(`${KILLS} kills: the next apply heals, no pair is ever mixed, no root key is lost`, async () => {
  const lanes = [await lane({ output: { key: 'ca/root.key' } }), await lane({})];
  const watched = watchPairs(lanes.map(({ set }) => set));
  const phases = Object.entries(SHARES).flatMap(([phase, share]) => Array<Phase>(share).fill(phase as Phase));
  const began = performance.now();
  const keys = await Promise.all(
    lanes.map(async (one, index) => {
      const known = rootKeys(one.set);
      for (let run = index; run < KILLS; run += lanes.length) await killOnce(one, phases[(run >> 1) % 10]!, known);
      const kept = rootKeys(one.set);
      expect([...known].filter((key) => !kept.has(key))).toEqual([]);
      return known.size;
    }),
  );
  const { looks, changes, mismatches: mixed } = await watched();
  const seconds = Math.round((performance.now() - began) / 1000);
  const ms = lanes.map(({ lengths }) =>
    JSON.stringify(lengths, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 10) / 10 : value)),
  );
  process.stdout.write(
    `kill -9: ${[...tally].map(([what, n]) => `${n} ${what}`).join(', ')}; ${mixed.length} pairs mixed in ${looks} looks at ` +
      `${changes} states, 0 of ${keys.join(' + ')} root keys lost, ${seconds} s; phases in ms ${ms.join(' ')}\n`,
  );
  expect(mixed).toEqual([]);
});
