import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callCli } from './call-cli.ts';
import { hostPair, leftovers, mismatches, rootKeys, unverified, type DiskSet } from './on-disk.ts';
import { requireLeave, requireProgram } from './programs.ts';
import { scratchProject, type ScratchProject } from './project.ts';
import { seeded } from './random.ts';
import { roleOf, runWithFault, tracingRefused, writeSites, type Site } from './strace.ts';
import { watchPairs } from './watch.ts';

/*
 * Every system call that writes of an apply, failing or with the process killed at it: strace(1) injects both. Each run
 * begins from the same files. The kill comes to every call, the errors that it may answer come by turns, and by RCSSL_SEED
 * other ones.
 */

/** What a call may answer by its manual page; a quota (EDQUOT) can hardly be set up where tests run. */
const ERRORS: Record<string, readonly string[]> = {
  openat: ['ENOSPC', 'EIO', 'EACCES', 'EMFILE', 'EDQUOT'],
  mkdir: ['ENOSPC', 'EIO', 'EACCES', 'EDQUOT'],
  write: ['ENOSPC', 'EIO', 'EDQUOT'],
  fsync: ['ENOSPC', 'EIO', 'EDQUOT'],
  rename: ['ENOSPC', 'EIO', 'EACCES'],
  link: ['ENOSPC', 'EIO', 'EACCES'],
};
const OTHERS = ['EIO', 'EACCES'];
const APPLY = ['apply', '--force', 'ca:Root', '--replace-root', '--prune'];
/** Cases of the larger apply, and errors a call of the small one; 9 is all that there are. */
const SAMPLE = Number(process.env['RCSSL_RUNS'] ?? 30);
const TURNS = Number(process.env['RCSSL_TURNS'] ?? 1);
const { RCSSL_SEED: wanted = '1' } = process.env;
const SEED = wanted === 'random' ? Date.now() % 1_000_000 : Number(wanted);

interface Stage {
  readonly project: ScratchProject;
  readonly set: DiskSet;
  readonly sites: readonly Site[];
  reset(): void;
}

/** An apply that replaces the root and hosts, makes a new one in a folder of its own and removes another. */
async function stage(output: object, hosts: readonly string[]): Promise<Stage> {
  const named = (names: readonly string[]) => names.map((name) => ({ name, key: 'ecdsa-p256', reuseKey: false }));
  const ca = { name: 'Root', key: 'ecdsa-p256', ...output };
  const fresh = { name: 'fresh.test', key: 'ecdsa-p256', output: { key: 'fresh/tls.key', cert: 'fresh/tls.crt' } };
  const project = scratchProject({ ca, hosts: named([...hosts, 'gone.test']) });
  await project.apply();
  project.configure({ ca, hosts: [...named(hosts), ...(hosts.length > 1 ? [fresh] : [])] });
  const base = join(project.folder, '..');
  const key = readdirSync(base, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('root.key')) ?? '';
  const places = ['project', 'data'].filter((place) => existsSync(join(base, place)));
  for (const place of places) cpSync(join(base, place), join(base, 'kept', place), { recursive: true });
  const reset = (): void => {
    for (const place of places) {
      // Complete at once: somebody is watching.
      cpSync(join(base, 'kept', place), join(base, 'next', place), { recursive: true });
      rmSync(join(base, place), { recursive: true, force: true });
      renameSync(join(base, 'next', place), join(base, place));
    }
  };
  const sites = await writeSites(project.folder, APPLY, base);
  const root = { key: join(base, key), certs: [join(base, key.replace(/key$/, 'crt'))] };
  return { project, set: { base, root, hosts: hosts.map((name) => hostPair(project.folder, name)) }, sites, reset };
}

/** What became of a run with a fault, as it tells itself. */
async function suffer({ project, set, reset }: Stage, site: Site, fault: string): Promise<string> {
  reset();
  const known = rootKeys(set);
  const allKept = (): void => {
    const keys = rootKeys(set);
    expect([...known].filter((key) => !keys.has(key))).toEqual([]);
    for (const key of keys) known.add(key);
  };
  const { code, stderr } = await runWithFault(project.folder, APPLY, site, fault);
  expect([0, 1, undefined]).toContain(code);
  expect(stderr).not.toMatch(/^ +at |this is a bug/m);
  if (code === 1) expect(stderr).toMatch(/^error: /m);
  // A folder that is there already need not be made.
  if (code === 0) expect(stderr).toBe('');
  expect(mismatches(set)).toEqual([]);
  allKept();
  const healed = await callCli(project, ['apply', '--replace-root', '--prune']);
  expect(healed).toMatchObject({ code: 0 });
  expect((await callCli(project, ['check'])).code).toBe(0);
  expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  allKept();
  return code === undefined ? 'killed' : code === 0 ? 'carried through' : 'diagnosed';
}

/** The kill, and so many of the errors of a call by turns. */
function faultsOf({ call }: Site, turn: number, count = TURNS): string[] {
  const errors = ERRORS[call] ?? OTHERS;
  const begin = (turn + SEED) % errors.length;
  return ['SIGKILL', ...errors.slice(begin), ...errors.slice(0, begin)].slice(0, 1 + count);
}

/** Runs cases in two lanes, each with files of its own, and prints what became of them. */
async function campaign(name: string, lanes: readonly Stage[], cases: readonly (readonly [number, string])[]) {
  const [roles, others] = lanes.map(({ sites, set }) => sites.map((site) => roleOf(site, set.base)));
  expect(others).toEqual(roles);
  const began = performance.now();
  const tally = new Map<string, number>();
  const wrong: string[] = [];
  const waiting = [...cases];
  const watched = watchPairs(lanes.map(({ set }) => set));
  await Promise.all(
    lanes.map(async (lane) => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [index, fault] = next;
        const site = lane.sites[index]!;
        const became = await suffer(lane, site, fault).catch((error: unknown) => {
          wrong.push(
            `${fault} at ${site.call} ${site.path.replace(lane.set.base, '')} (${site.nth}): ${String(error)}`,
          );
          return 'WRONG';
        });
        tally.set(became, (tally.get(became) ?? 0) + 1);
      }
    }),
  );
  const { looks, mismatches: mixed } = await watched();
  const seconds = Math.round((performance.now() - began) / 1000);
  const figures = [...tally].map(([what, n]) => `${n} ${what}`).join(', ');
  process.stdout.write(
    `${name}: seed ${SEED}, ${lanes[0]?.sites.length} write sites, ${cases.length} faults: ${figures}; ` +
      `${mixed.length} pairs mixed in ${looks} looks; ${seconds} s\n`,
  );
  expect([...wrong, ...mixed]).toEqual([]);
}

describe('a system call that fails, or kills', () => {
  requireProgram('strace');
  requireLeave(tracingRefused());

  test('every one that writes of a small apply', async () => {
    const output = { output: { key: 'ca/root.key' } };
    const lanes = [await stage(output, ['a.test']), await stage(output, ['a.test'])];
    const cases = lanes[0]!.sites.flatMap((site, index) =>
      faultsOf(site, index).map((fault) => [index, fault] as const),
    );
    await campaign('small apply', lanes, cases);
  });

  test(`${SAMPLE} of a larger one with a root for all projects`, async () => {
    const names = ['a.test', 'b.test', 'c.test', 'd.test'];
    const lanes = [await stage({}, names), await stage({}, names)];
    const random = seeded(SEED);
    const pick = (below: number): number => Math.floor(random() * below);
    const cases = Array.from({ length: SAMPLE }, () => {
      const index = pick(lanes[0]!.sites.length);
      const faults = faultsOf(lanes[0]!.sites[index]!, 0, Infinity);
      return [index, faults[pick(faults.length)]!] as const;
    });
    await campaign('larger apply', lanes, cases);
  });
});
