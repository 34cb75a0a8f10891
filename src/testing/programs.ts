import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach } from 'vitest';

/** Where a program lies on the PATH; undefined if it doesn't. */
export function findProgram(name: string, env: Readonly<Record<string, string | undefined>> = process.env) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  return (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => existsSync(path));
}

/** What a missing program means for a test: skipped on someone's machine, failed in CI, where a skip would pass for a test. */
export function verdict(missing: readonly string[], ci: boolean): 'run' | 'skip' | 'fail' {
  if (missing.length === 0) return 'run';
  return ci ? 'fail' : 'skip';
}

/**
 * To be called at the top of a test file or of a `describe`: its tests need these programs. Where one is missing they
 * are skipped and say its name; with `CI=true` they fail.
 */
export function requireProgram(...names: readonly string[]): void {
  const missing = names.filter((name) => findProgram(name) === undefined);
  skipOrFail(missing, `not installed: ${missing.join(', ')}`);
}

/** The same for something that this machine may not allow; undefined where it does. */
export function requireLeave(refused: string | undefined): void {
  skipOrFail(refused === undefined ? [] : [refused], `not allowed here: ${refused}`);
}

function skipOrFail(missing: readonly string[], note: string): void {
  const what = verdict(missing, process.env['CI'] === 'true');
  if (what === 'run') return;
  beforeEach((context) => {
    if (what === 'fail') throw new Error(note);
    context.skip(note);
  });
}
