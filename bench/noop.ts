import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonConfig } from './configs.ts';
import { measure, type Variant } from './measure.ts';
import { atMost, rowOf, type Section } from './rows.ts';
import { expectNothingToDo, rcssl, run, type Bench } from './run.ts';
import { makeProject } from './scratch.ts';

const EXAMPLE = new URL('../rcssl.config.example.ts', import.meta.url);
export const BARE = 'node -e 0';
const JSON_CONFIG = 'rcssl apply, JSON';
const TYPESCRIPT = 'rcssl apply, TypeScript';

/** A run with nothing to do beside the least that a Node program takes. */
export async function noopSection(bench: Bench): Promise<Section> {
  const { folder } = bench.scratch;
  const json = makeProject(join(folder, 'json'), jsonConfig(3, 'ecdsa-p256'));
  const typescript = makeProject(join(folder, 'typescript'), { 'rcssl.config.ts': readFileSync(EXAMPLE, 'utf8') });
  const times = await measure(
    [bare(bench), await noop(bench, JSON_CONFIG, json), await noop(bench, TYPESCRIPT, typescript)],
    bench.rounds,
  );
  return {
    title: 'nothing to do',
    about: 'JSON: 3 hosts. TypeScript: rcssl.config.example.ts as it is. The compile cache is warm.',
    rows: [
      rowOf(times, BARE),
      rowOf(times, JSON_CONFIG, BARE, { target: atMost(2) }),
      rowOf(times, TYPESCRIPT, BARE, { target: atMost(2.5) }),
    ],
  };
}

export function bare(bench: Bench): Variant {
  const run0 = async (): Promise<number> => (await run(bench, bench.scratch.folder, [process.execPath, '-e', '0'])).ms;
  return { name: BARE, run: run0 };
}

/** `rcssl apply` in a project that it has just made complete. */
export async function noop(bench: Bench, name: string, project: string): Promise<Variant> {
  await rcssl(bench, project, 'apply');
  await expectNothingToDo(bench, project);
  return { name, run: async () => (await rcssl(bench, project, 'apply')).ms };
}
