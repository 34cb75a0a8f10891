import { dirname } from 'node:path';
import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { foldedPath, isInside } from '../../kernel/path.ts';
import type { Draft } from '../draft.ts';
import { shown } from './paths.ts';

/** What is switched as a whole is one folder, and nothing of anybody else lies in it. */
export function atomicFoldersAreOwn(draft: Draft): Diagnostic[] {
  const { config, hosts, outputs } = draft;
  return hosts.flatMap(({ path, config: host }) => {
    if (host?.layout !== 'atomic') return [];
    const folder = dirname(host.output.key.path);
    const folded = foldedPath(folder);
    const isStray = (file: string): boolean => dirname(file) !== folded;
    const args = { folder: `${shown(draft, folder)}/` };
    const strays = outputs.filter((output) => output.host === path && isStray(output.folded));
    if (strays.length > 0) {
      return strays.map((output) =>
        diagnostic('config-atomic-scattered', { ...args, path: shown(draft, output.file) }, { path: output.path }),
      );
    }
    const guest = outputs.find((output) => output.host !== path && isInside(folded, output.folded));
    const other = isInside(folded, foldedPath(config.file)) ? 'this configuration' : guest?.path;
    return other === undefined ? [] : [diagnostic('config-atomic-shared', { ...args, other }, { path })];
  });
}
