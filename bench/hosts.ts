import { join } from 'node:path';
import { jsonConfig } from './configs.ts';
import { measure } from './measure.ts';
import { bare, BARE, noop } from './noop.ts';
import { rowOf, type Section } from './rows.ts';
import type { Bench } from './run.ts';
import { makeProject } from './scratch.ts';

const MANY = 1000;
const FEW = 3;

/** How a run with nothing to do grows with the number of hosts. */
export async function hostsSection(bench: Bench): Promise<Section> {
  const named = (count: number): string => `rcssl apply, ${count} hosts`;
  const project = (count: number): string =>
    makeProject(join(bench.scratch.folder, `hosts-${count}`), jsonConfig(count, 'ecdsa-p256'));
  const times = await measure(
    [bare(bench), await noop(bench, named(FEW), project(FEW)), await noop(bench, named(MANY), project(MANY))],
    bench.rounds,
  );
  const [few, many] = [times.get(named(FEW)), times.get(named(MANY))];
  const each = few && many ? (many.median - few.median) / (MANY - FEW) : Number.NaN;
  return {
    title: `nothing to do, ${MANY} hosts`,
    about: `P-256, JSON. Of each host four files are read and parsed, and the signatures of certificate and request checked.`,
    rows: [
      rowOf(times, BARE),
      rowOf(times, named(FEW), BARE),
      rowOf(times, named(MANY), BARE, { note: `${each.toFixed(2)} ms a host` }),
    ],
  };
}
