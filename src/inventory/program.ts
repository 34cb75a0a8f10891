import { delimiter, isAbsolute, join } from 'node:path';
import type { World } from '../kernel/ports.ts';

/** Where servers are installed, whatever the PATH of a user who is not root says. */
const SYSTEM = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];

/** Where the first of these programs lies that can be run; undefined where none is installed. */
export function findProgram(
  names: readonly string[],
  { env, files }: Pick<World, 'env' | 'files'>,
): string | undefined {
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder)), ...SYSTEM];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => isProgram(path, files));
}

/** A file, or a link to one, that somebody may execute: Windows knows no such right. */
function isProgram(path: string, { entry, realPath }: World['files']): boolean {
  try {
    const found = entry(path)?.kind === 'symlink' ? entry(realPath(path)) : entry(path);
    return found?.kind === 'file' && (found.mode === undefined || (found.mode & 0o111) !== 0);
  } catch {
    return false; // what cannot be looked at cannot be run either
  }
}
