import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { formatDiagnostics } from '../report/diagnostics.ts';

/**
 * Loads the configuration of each folder on the command line and prints, as JSON by folder, what a user would read of it
 * (the folder spelled `$PROJECT`), what it means, and from which files. `named.txt` in a folder has the value of --config.
 */
async function say(folder: string) {
  const named = join(folder, 'named.txt');
  const file = existsSync(named) ? readFileSync(named, 'utf8').trim() : undefined;
  const shown = (diagnostics: RcsslError['diagnostics']): string =>
    formatDiagnostics(diagnostics, { root: folder })
      .replaceAll(folder, '$PROJECT')
      .replace(/^(error: no configuration found in ).*$/m, '$1$$PROJECT and above');
  try {
    const { config, files, diagnostics } = await loadConfig({ cwd: folder, file, env: {} });
    return { text: shown(diagnostics), config, files };
  } catch (error) {
    if (error instanceof RcsslError) return { text: shown(error.diagnostics), files: [] };
    throw error;
  }
}

const results: Record<string, unknown> = {};
for (const folder of process.argv.slice(2)) results[folder] = await say(folder);
process.stdout.write(JSON.stringify(results));
