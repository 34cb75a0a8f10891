import { existsSync } from 'node:fs';
import { hostsSection } from './hosts.ts';
import { issueSections } from './issue.ts';
import { thisMachine } from './machine.ts';
import { noopSection } from './noop.ts';
import { parseOptions, SECTIONS, type Options, type SectionName } from './options.ts';
import { missedTargets, type Section } from './rows.ts';
import { BIN, type Bench } from './run.ts';
import { makeScratch } from './scratch.ts';
import { reportText } from './table.ts';
import { watchSection } from './watch.ts';

// npm run bench: what rcssl costs, beside bare Node, the work's own least, mkcert and openssl. Exits 1 with a line for
// every target that is missed, so that it can guard them.

const MEASURES: Readonly<Record<SectionName, (bench: Bench) => Promise<readonly Section[]>>> = {
  noop: async (bench) => [await noopSection(bench)],
  hosts: async (bench) => [await hostsSection(bench)],
  issue: issueSections,
  watch: async (bench) => [await watchSection(bench)],
};

async function measureAll({ rounds, sections }: Options, signal: AbortSignal): Promise<Section[]> {
  const scratch = makeScratch();
  try {
    const found: Section[] = [];
    for (const name of SECTIONS.filter((each) => sections.includes(each))) {
      found.push(...(await MEASURES[name]({ scratch, rounds, signal })));
    }
    return found;
  } finally {
    scratch.remove();
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv);
  if (!existsSync(BIN)) throw new Error(`${BIN} is missing: npm run build`);
  const controller = new AbortController();
  const exits = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
  let stopped: number | undefined;
  for (const [name, code] of Object.entries(exits)) {
    process.on(name, () => {
      stopped = code;
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  const machine = thisMachine();
  try {
    const sections = await measureAll(options, controller.signal);
    const missed = missedTargets(sections);
    if (options.json) console.log(JSON.stringify({ machine, rounds: options.rounds, sections, missed }, null, 2));
    else console.log(reportText(machine, options.rounds, sections));
    for (const line of missed) console.error(`missed: ${line}`);
    return missed.length > 0 ? 1 : 0;
  } catch (error) {
    if (stopped === undefined) throw error;
    return stopped;
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
