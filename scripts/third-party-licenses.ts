import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rolldown } from 'tsdown';

/** The folder of the package that a module id lies in: what follows the last `node_modules/` in it. */
function packageFolder(id: string): string | undefined {
  return /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id.replace(/^\0/, ''))?.[1];
}

function notice(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  const text = file === undefined ? 'No licence file in the package.' : readFileSync(join(folder, file), 'utf8').trim();
  return `${String(manifest['name'])} ${String(manifest['version'])} (${String(manifest['license'])})\n\n${text}\n`;
}

/** Writes `THIRD-PARTY-LICENSES.txt` beside the bundle: the licences of what is bundled ask for their text to go along. */
export function thirdPartyLicenses(): Rolldown.Plugin {
  return {
    name: 'third-party-licenses',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
      const folders = new Set(chunks.flatMap((chunk) => chunk.moduleIds.map(packageFolder)));
      const notices = [...folders].filter((folder) => folder !== undefined && existsSync(folder)) as string[];
      if (notices.length > 0)
        this.emitFile({
          type: 'asset',
          fileName: 'THIRD-PARTY-LICENSES.txt',
          source: notices
            .toSorted()
            .map(notice)
            .join(`\n${'-'.repeat(80)}\n\n`),
        });
    },
  };
}
