import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built command, absolute. */
export const bin = join(root, 'dist/bin.js');

/** The latest change under a folder, in milliseconds since the epoch; 0 where there is nothing. */
function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.endsWith('.test.ts'),
  );
  return Math.max(0, ...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}

/** vitest's global setup for tests of the built package: builds it if the sources are newer than it. */
export function setup(): void {
  const built = statSync(bin, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > newest(join(root, 'src')) && built > statSync(join(root, 'package.json')).mtimeMs) return;
  // Aside, and then in place of the old one: another run may be using it.
  const aside = `dist-${process.pid}`;
  const tsdown = [join(root, 'node_modules/tsdown/dist/run.mjs'), '--logLevel', 'error', '--out-dir', aside];
  const build = spawnSync(process.execPath, tsdown, { cwd: root, stdio: 'inherit' });
  if (build.status !== 0) throw new Error('the build failed, so the tests of the built package cannot run');
  const dist = join(root, 'dist');
  const old = join(root, `${aside}-old`);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(join(root, aside), dist);
  rmSync(old, { recursive: true, force: true });
}
