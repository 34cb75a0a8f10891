// Builds dist after `npm install` or `npm ci` in a clone, so that `npx rcssl` works there at once. Plain JavaScript:
// it may be run by a Node that is too old for the rest. Without the development packages (`npm ci --omit=dev`) there
// is nothing to build with, and that is no failure.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

if (existsSync(`${root}/node_modules/tsdown/package.json`)) {
  // One string and a shell: `npm` is a .cmd file on Windows, which Node runs no other way.
  const built = spawnSync('npm run --silent build -- --logLevel warn', { cwd: root, shell: true, stdio: 'inherit' });
  process.exitCode = built.status ?? 1;
} else {
  console.log('rcssl: not built, the development packages are not installed');
}
