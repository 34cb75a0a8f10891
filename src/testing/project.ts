import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { applyProject } from '../engine/apply.ts';
import { planProject } from '../engine/plan.ts';
import type { ApplyOptions, ApplyResult, PlanResult, SelectOptions } from '../engine/types.ts';
import type { World } from '../kernel/ports.ts';
import { createWorld } from '../platform/world.ts';

/** A scratch project with a data folder of its own, removed when the test ends. */
export interface ScratchProject {
  readonly folder: string;
  readonly world: World;
  /** Moves the clock to this moment; `undefined`: the real time. */
  setNow(now: number | undefined): void;
  configure(config: object): void;
  path(name: string): string;
  read(name: string): string;
  write(name: string, text: string | Buffer, mode?: number): void;
  remove(name: string): void;
  /** Every file below the project and the data folder: its relative path → mode, mtime and content. */
  snapshot(): Map<string, string>;
  plan(options?: Partial<SelectOptions>): Promise<PlanResult>;
  apply(options?: Partial<ApplyOptions>): Promise<ApplyResult>;
}

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

export function scratchProject(config?: object, env: Record<string, string> = {}): ScratchProject {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-test-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const folder = join(base, 'project');
  mkdirSync(join(folder, '.git'), { recursive: true });
  const real = createWorld({ env: { HOME: join(base, 'home'), XDG_DATA_HOME: join(base, 'data'), ...env } });
  let fixed: number | undefined;
  const world: World = { ...real, clock: { now: () => fixed ?? real.clock.now() } };
  const path = (name: string) => join(folder, name);
  const project: ScratchProject = {
    folder,
    world,
    setNow: (now) => (fixed = now),
    configure: (value) => writeFileSync(path('rcssl.config.json'), JSON.stringify(value)),
    path,
    read: (name) => readFileSync(path(name), 'utf8'),
    write(name, text, mode) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
      if (mode !== undefined) chmodSync(path(name), mode);
    },
    remove: (name) => rmSync(path(name), { recursive: true }),
    snapshot: () =>
      new Map(
        below(base).map((file) => {
          const { mode, mtimeMs, ino } = statSync(file);
          const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
          return [relative(base, file), `${(mode & 0o7777).toString(8)} ${mtimeMs} ${ino} ${hash}`];
        }),
      ),
    plan: (options) => planProject(world, { cwd: folder, ...options }),
    apply: (options) => applyProject(world, { cwd: folder, durable: false, ...options }),
  };
  if (config) project.configure(config);
  return project;
}

/** The names of the files that differ between two snapshots. */
export function changedFiles(before: Map<string, string>, after: Map<string, string>): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

/** `kind artifact owner: reason codes` of everything that is not kept. */
export function summary({ actions }: Pick<PlanResult, 'actions'>): string[] {
  return actions
    .filter(({ kind }) => kind !== 'keep')
    .map((action) => {
      const { artifact, owner } = action.kind === 'remove' ? action : action.target;
      const codes = action.kind === 'keep' ? [] : action.reasons.map(({ code }) => code);
      return `${action.kind} ${artifact} ${owner}: ${codes.join(' ')}`;
    });
}
