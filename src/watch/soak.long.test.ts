import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { planOpened } from '../engine/plan.ts';
import { openProject } from '../engine/project.ts';
import { bin } from '../testing/built.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { seeded } from '../testing/random.ts';
import { watchedConfig } from '../testing/watching.ts';

const EDITS = Number(process.env['RCSSL_SOAK_EDITS'] ?? 1000);
const PROBE = join(import.meta.dirname, '../../scripts/soak-probe.mjs');
const CONFIG = `import { hosts } from './deep/hosts.ts';
export default { ...${JSON.stringify({ ca: watchedConfig().ca })}, hosts };
`;
const hosts = (names: readonly string[]) =>
  `export const hosts: object[] = ${JSON.stringify(watchedConfig(...names).hosts)};\n`;
const NAMES = ['a.test', 'b.test', 'c.test', 'd.test'];
const BRANCHES = ['one', 'other'];
const ENDINGS = ['key', 'crt', 'csr', 'fullchain.pem'];

interface Event {
  readonly event: string;
  readonly causes?: readonly object[];
}

requireProgram('git');

it(`a watch of ${EDITS} random edits misses none, makes no run without a cause, and keeps its memory`, async () => {
  const project = scratchProject();
  const git = (...args: string[]): void => {
    const author = ['-c', 'user.name=Soak', '-c', 'user.email=soak@a.test'];
    execFileSync('git', [...author, ...args], { cwd: project.folder, stdio: 'ignore' });
  };
  git('init', '--quiet');
  BRANCHES.forEach((branch, i) => {
    git('checkout', '--quiet', '-b', branch);
    project.write('rcssl.config.ts', CONFIG);
    project.write('deep/hosts.ts', hosts(NAMES.slice(i, i + 3)));
    git('add', 'rcssl.config.ts', 'deep');
    git('commit', '--quiet', '--message', branch);
  });
  project.write('deep/hosts.ts', hosts(NAMES));
  const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
  const probe = project.path('probe.json');
  const env = { ...process.env, HOME, XDG_DATA_HOME, RCSSL_SOAK_PROBE: probe };
  const args = ['--expose-gc', '--import', PROBE, bin, 'watch', '--json'];
  const child = spawn(process.execPath, args, { cwd: project.folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  let last = Date.now();
  child.stdout.on('data', (text: Buffer) => {
    said += text.toString();
    last = Date.now();
  });
  const complete = async (): Promise<boolean> => {
    const opened = await openProject(project.world, { cwd: project.folder }, { isolated: true });
    return planOpened(project.world, opened, { cwd: project.folder }).complete;
  };
  const quiet = async (): Promise<void> => {
    for (const began = Date.now(); ; await sleep(50)) {
      if (Date.now() - last > 350 && (await complete().catch(() => false))) return;
      if (Date.now() - began > 20_000) throw new Error(`a change was missed:\n${said.slice(-3000)}`);
    }
  };
  const measure = async (): Promise<{ heap: number; handles: number }> => {
    rmSync(probe, { force: true });
    child.kill('SIGUSR2');
    while (!existsSync(probe) || readFileSync(probe).length === 0) await sleep(20);
    return JSON.parse(readFileSync(probe, 'utf8')) as { heap: number; handles: number };
  };
  await sleep(1000);
  last = Date.now();
  await quiet();

  const random = seeded(20_261_125);
  const roll = (sides: number): number => Math.floor(random() * sides);
  const artifact = (): string => project.path(`certs/${NAMES[roll(4)]}.${ENDINGS[roll(4)]}`);
  const edit = async (): Promise<void> => {
    const path = artifact();
    const there = existsSync(path);
    switch (roll(8)) {
      case 0:
        return writeFileSync(project.path('rcssl.config.ts'), `${CONFIG}// ${roll(1000)}\n`);
      case 1:
        return writeFileSync(project.path('deep/hosts.ts'), hosts(NAMES.filter((_, i) => i === 0 || roll(2) === 0)));
      case 2:
        return there ? rmSync(path) : undefined;
      case 3:
        return there ? chmodSync(path, [0o600, 0o640, 0o644][roll(3)] ?? 0) : undefined;
      case 4: // restored as it was
        return there ? writeFileSync(path, readFileSync(path)) : undefined;
      case 5:
        return git('checkout', '--quiet', '--force', BRANCHES[roll(2)] ?? '');
      case 6: {
        renameSync(project.path('deep'), project.path('away'));
        await sleep(roll(250));
        return renameSync(project.path('away'), project.path('deep'));
      }
      default: {
        renameSync(project.path('rcssl.config.ts'), project.path('away.ts'));
        await sleep(roll(250));
        return renameSync(project.path('away.ts'), project.path('rcssl.config.ts'));
      }
    }
  };
  const figures: Record<number, { heap: number; handles: number }> = {};
  const runs = () => said.split('\n').filter((text) => /"event":"(?:applied|started)"/.test(text));
  const before = runs().filter((text) => text.includes('"event":"started"')).length;
  for (let made = 0; made < EDITS;) {
    for (let burst = roll(4); burst >= 0 && made < EDITS; burst -= 1, made += 1) {
      await edit();
      if (roll(2) === 0) await sleep(roll(60));
    }
    await quiet();
    if (made >= 100) figures[100] ??= await measure();
  }
  // A thread that has read a configuration takes a moment to end; one that is left behind never does.
  const most = (figures[100]?.handles ?? 0) + 2;
  let end = await measure();
  for (let tries = 0; tries < 20 && end.handles > most; tries += 1) {
    await sleep(500);
    end = await measure();
  }
  const events = runs().map((text) => JSON.parse(text) as Event);
  const started = events.filter(({ event }) => event === 'started').length - before;
  const mb = (bytes = 0): string => `${(bytes / 1e6).toFixed(1)} MB`;
  process.stdout.write(
    `soak: ${EDITS} edits, ${started} runs, heap ${mb(figures[100]?.heap)} at edit 100 and ${mb(end.heap)} at the end, ${figures[100]?.handles} and ${end.handles} handles\n`,
  );
  expect(started).toBeLessThanOrEqual(EDITS);
  expect(events.every(({ causes = [] }) => causes.length > 0)).toBe(true);
  expect(end.heap - (figures[100]?.heap ?? 0)).toBeLessThan(10e6);
  expect(end.handles).toBeLessThanOrEqual(most);
});
