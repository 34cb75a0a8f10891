import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { exists } from './stat.ts';

/** The repository that a folder lies in (`.git` is a file in worktrees and submodules); undefined if it lies in none. */
export function repositoryRoot(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (exists(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** The folders where a configuration may be, from `cwd` up to the repository's root, the home folder or the top. */
export function searchFolders(cwd: string): string[] {
  const top = repositoryRoot(cwd) ?? homedir();
  const folders = [cwd];
  for (let at = cwd; at !== top;) {
    const parent = dirname(at);
    if (parent === at || isShared(parent)) break;
    folders.push(parent);
    at = parent;
  }
  return folders;
}

/** `/tmp` and the like: anybody could leave a configuration there for whoever works below it, and a configuration is code. */
function isShared(folder: string): boolean {
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o1002) === 0o1002;
}
