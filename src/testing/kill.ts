import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bin } from './built.ts';
import type { ScratchProject } from './project.ts';
import { environment } from './transcript.ts';

const PRELOAD = join(import.meta.dirname, '../../scripts/kill-at.mjs');

/**
 * Runs the built command under `scripts/kill-at.mjs` until its end, however that comes: the signal or the exit code.
 * `env`: what the preload is told, and whatever the command needs.
 */
export function runKilled(
  { folder }: ScratchProject,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string | number | null> {
  const child = spawn(process.execPath, ['--import', PRELOAD, bin, ...args], {
    cwd: folder,
    env: { ...environment(folder), ...env },
    stdio: 'ignore',
  });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
}
