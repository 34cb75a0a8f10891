import { delimiter, isAbsolute, join } from 'node:path';
import type { World } from '../kernel/ports.ts';

/** Where servers are installed, whatever the PATH of a user who is not root says. */
const SYSTEM = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];

/** Where the first of these programs lies; undefined where none is installed. */
export function findProgram(
  names: readonly string[],
  { env, files }: Pick<World, 'env' | 'files'>,
): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder)), ...SYSTEM];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => isThere(path, files));
}

function isThere(path: string, { entry }: World['files']): boolean {
  try {
    const kind = entry(path)?.kind;
    return kind === 'file' || kind === 'symlink';
  } catch {
    return false; // what cannot be looked at cannot be run either
  }
}
