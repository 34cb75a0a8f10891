import { createHash } from 'node:crypto';
import { join } from 'node:path';

/**
 * Where a shared root lives: `roots/development-root-1f3a9c02` under the data folder. The hash keeps names apart that
 * read the same once they are spelled as a folder.
 */
export function rootFolder(dataFolder: string, name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return join(dataFolder, 'roots', `${slug || 'root'}-${hash}`);
}
