import { join } from 'node:path';
import { SEARCH_PLACES } from '../../config/search-places.ts';
import type { Files } from '../../kernel/ports.ts';

const PACKAGE_LIMIT = 4 * 1024 * 1024;

/** The configuration that a folder already has, by its file's name; undefined if it has none. */
export function existingConfig(files: Files, folder: string): string | undefined {
  return SEARCH_PLACES.find((name) =>
    name === 'package.json' ? hasProperty(files, join(folder, name)) : files.entry(join(folder, name)) !== undefined,
  );
}

/** A `package.json` is a configuration only if it has a property for it. One that does not parse has none that loads. */
function hasProperty(files: Files, path: string): boolean {
  try {
    const text = files
      .read(path, PACKAGE_LIMIT)
      ?.toString('utf8')
      .replace(/^\uFEFF/, '');
    const value: unknown = JSON.parse(text ?? 'null');
    return typeof value === 'object' && value !== null && 'rcssl' in value;
  } catch {
    return false;
  }
}
