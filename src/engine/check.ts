import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { World } from '../kernel/ports.ts';
import { leaks } from './leaks.ts';
import { compareProject } from './plan.ts';
import { openProject } from './project.ts';
import type { CheckResult, ProjectOptions, SelectOptions } from './types.ts';

/**
 * The plan for scripts: `pending` when anything is missing, changed, blocked or inside its renewal window. A key that
 * would leak is an error among the diagnostics. Reads only.
 */
export async function checkProject(
  world: World,
  options: SelectOptions & {
    /** Renewal counts as due this many milliseconds before the end, where that's earlier than `renewBefore`. */
    readonly within?: number;
  },
): Promise<CheckResult> {
  const { project, inventory, result } = await compareProject(world, options);
  const leaked = await leaks(world, project, inventory);
  return { ...result, diagnostics: [...result.diagnostics, ...leaked], pending: !result.complete };
}

/** What a clone without keys can judge: the configuration, with its client warnings as errors. */
export async function checkConfig(
  world: World,
  options: ProjectOptions,
): Promise<{ readonly config: string; readonly root: string; readonly diagnostics: readonly Diagnostic[] }> {
  const project = await openProject(world, options);
  const { config } = project;
  const strict = [...project.diagnostics, ...(await leaks(world, project))].map((d): Diagnostic =>
    d.severity === 'warning' ? { ...d, severity: 'error' } : d,
  );
  return { config: config.file, root: config.root, diagnostics: strict };
}
