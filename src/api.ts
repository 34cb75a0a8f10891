import { loadConfig as load } from './config/load.ts';
import type { Config } from './config/types.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { applyProject } from './engine/apply.ts';
import { checkProject } from './engine/check.ts';
import { planProject } from './engine/plan.ts';
import { statusProject } from './engine/status.ts';
import type {
  ApplyOptions,
  ApplyResult,
  CheckResult,
  PlanResult,
  ProjectOptions,
  SelectOptions,
  StatusResult,
} from './engine/types.ts';
import type { World } from './kernel/ports.ts';
import { createWorld } from './platform/world.ts';
import type { WatchEvent } from './watch/events.ts';

/** The library's functions on this machine's world; their docs stand in index.ts, which loads this at the first call. */

type Optional<O extends ProjectOptions> = Omit<O, 'cwd'> & { readonly cwd?: string };

function here<O extends ProjectOptions>(options: Optional<O>): O & { readonly cwd: string } {
  return { ...options, cwd: options.cwd ?? process.cwd() } as O & { readonly cwd: string };
}

function thisWorld(): World {
  return createWorld({ env: process.env });
}

export async function loadConfig(options: Optional<ProjectOptions> = {}): Promise<{
  readonly config: Config;
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}> {
  const { cwd, config, signal } = here<ProjectOptions>(options);
  return load({ cwd, env: process.env, file: config, signal });
}

export async function plan(options: Optional<SelectOptions> = {}): Promise<PlanResult> {
  return planProject(thisWorld(), here<SelectOptions>(options));
}

export async function apply(options: Optional<ApplyOptions> = {}): Promise<ApplyResult> {
  return applyProject(thisWorld(), here<ApplyOptions>(options));
}

/** Watching has options of its own. */
export interface WatchOptions extends SelectOptions, Pick<ApplyOptions, 'replaceRoot'> {
  /** Looks at the files twice a second: for disks whose system tells of no changes. */
  readonly poll?: boolean;
}

export async function* watch(options: Optional<WatchOptions> = {}): AsyncGenerator<WatchEvent, void> {
  const [{ watchProject }, { standardSources }, { nodeTime: time }] = await Promise.all([
    import('./watch/watch.ts'),
    import('./watch/sources.ts'),
    import('./platform/time.ts'),
  ]);
  const { poll = false, ...rest } = here<WatchOptions>(options);
  const ports = { fresh: thisWorld, time, sources: standardSources({ fresh: thisWorld, time, poll }) };
  yield* watchProject(ports, rest);
}

export async function check(
  options: Optional<SelectOptions> & { readonly within?: number } = {},
): Promise<CheckResult> {
  return checkProject(thisWorld(), here<SelectOptions>(options));
}

export async function status(options: Optional<ProjectOptions> = {}): Promise<StatusResult> {
  return statusProject(thisWorld(), here(options));
}
