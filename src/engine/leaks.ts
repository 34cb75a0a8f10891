import { dirname, relative, sep } from 'node:path';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { artifactsOf } from '../inventory/inventory.ts';
import type { World } from '../kernel/ports.ts';
import { shownPath, type Project } from './project.ts';

/** Folders that dev servers and static hosts publish as they are. */
const SERVED = new Set(['public', 'static', 'dist', 'www', 'htdocs', 'wwwroot']);
const TIMEOUT = 10_000;

/**
 * Private keys that would leave the machine: tracked by git, not ignored by it, or in a folder that is served. Asks git,
 * and passes over that question where there is no git or no repository. Errors, each with its fix.
 */
export async function leaks(world: World, { config, desired }: Project): Promise<Diagnostic[]> {
  const keys = artifactsOf(desired).flatMap(({ artifact, path }) => (artifact === 'key' ? [path] : []));
  const inside = keys.filter((path) => !relative(config.root, path).startsWith('..'));
  if (inside.length === 0) return [];
  const shown = (path: string) => shownPath(config.root, path);
  const served = inside
    .filter((path) =>
      dirname(relative(config.root, path))
        .split(sep)
        .some((folder) => SERVED.has(folder)),
    )
    .map((path) => diagnostic('key-served', { path: shown(path) }));

  const git = async (...args: string[]): Promise<{ code: number | null; paths: Set<string> } | undefined> => {
    const run = world.exec.run(
      ['git', '-c', 'core.quotePath=off', '-C', config.root, ...args, '--', ...inside.map(shown)],
      {
        cwd: config.root,
        timeout: TIMEOUT,
      },
    );
    const result = await run.catch(() => undefined);
    return result && { code: result.code, paths: new Set(result.stdout.toString('utf8').split('\n').filter(Boolean)) };
  };
  const tracked = await git('ls-files');
  if (tracked?.code !== 0) return served; // no git, or no repository
  // 0: some are ignored, 1: none is
  const ignored = await git('check-ignore');
  if (!ignored || ignored.code === null || ignored.code > 1) return served;
  const found = inside.map(shown).flatMap((path): Diagnostic[] => {
    if (tracked.paths.has(path)) return [diagnostic('key-tracked', { path })];
    return ignored.paths.has(path) ? [] : [diagnostic('key-not-ignored', { path })];
  });
  return [...found, ...served];
}
