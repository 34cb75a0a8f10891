#!/usr/bin/env node
// Whatever Node is on the PATH reads this file first, so it is written in what ECMAScript 2019 has, imports nothing,
// and loads the rest once the version is known to do.
/** `engines.node` of package.json, which a test holds this against. */
const ENGINES = '^22.22 || >=24';

/** Ranges of the two kinds above alone: `^MAJOR.MINOR` and `>=MAJOR`. */
function satisfies(version: string, ranges: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return ranges.split(' || ').some((range) => {
    const [wantedMajor = 0, wantedMinor = 0] = range.replace(/^\D+/, '').split('.').map(Number);
    if (range.startsWith('^')) return major === wantedMajor && minor >= wantedMinor;
    return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  });
}

function cacheFolder(): string {
  const { env, platform } = process;
  const { homedir } = process.getBuiltinModule('node:os');
  const { join } = process.getBuiltinModule('node:path');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'rcssl', 'cache');
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'rcssl');
}

/**
 * Compiled code is kept between runs: half of the time of a run with nothing to do. Only in a folder that nobody else
 * can write to, since what lies there is run; Node's own default is one in /tmp that all users share.
 */
function enableCompileCache(): void {
  // Under sudo the home may be somebody else's, who could not write to what root makes there.
  if (process.getuid !== undefined && process.getuid() === 0 && process.env['SUDO_UID'] !== undefined) return;
  try {
    const { lstatSync, mkdirSync } = process.getBuiltinModule('node:fs');
    const folder = cacheFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = lstatSync(folder);
    const foreign = process.getuid !== undefined && (uid !== process.getuid() || (mode & 0o077) !== 0);
    if (!foreign) process.getBuiltinModule('node:module').enableCompileCache(folder);
  } catch {
    // No home, a read-only disk: the run is slower, nothing else.
  }
}

async function start(): Promise<void> {
  const { main } = await import('./main.ts');
  const code = await main(process.argv.slice(2));
  // Once all is said the process ends, whatever a configuration has left running.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

if (satisfies(process.versions.node, ENGINES)) {
  enableCompileCache();
  void start();
} else {
  process.stderr.write(`error: rcssl needs Node ${ENGINES}, and this is ${process.versions.node}\n`);
  process.exitCode = 1;
}
