import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of this run alone, and an environment in which nothing outside of it is read or written. */
export interface Scratch {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

export function makeScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'rcssl-bench-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  return {
    folder,
    // Nothing is inherited but the way to programs: NODE_OPTIONS or npm's variables would be measured too.
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
      LANG: 'C.UTF-8',
    },
    // A child that was told to stop may still be writing its last file.
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  };
}

/** A project of its own repository, so that no search for a configuration or a `.git` leaves it. */
export function makeProject(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(join(folder, '.git'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** A copy with the modes of its keys, in place of what an earlier round left. */
export function freshCopy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}
