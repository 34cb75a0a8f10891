import { basename, extname } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { parsePath } from '../path.ts';
import { positionAt } from './position.ts';
import { offsetOf, type Spot } from './spot.ts';

/** Adds line and column to the diagnostics whose path can be found in the text of the configuration. */
export async function addLines(file: string, text: string, diagnostics: readonly Diagnostic[]): Promise<Diagnostic[]> {
  // A text that was read once and cannot be parsed again (nested too deep) has its paths alone.
  const top = await spotsIn(file, text).catch(() => undefined);
  const inPackage = basename(file) === 'package.json' ? ['rcssl'] : [];
  return diagnostics.map((found) => {
    const { path, line } = found.place;
    if (!top || path === undefined || line !== undefined) return found;
    const at = found.code === 'config-unknown-key' ? 'key' : 'value';
    const offset = offsetOf(top, [...inPackage, ...parsePath(path)], at);
    return offset === undefined ? found : { ...found, place: { ...found.place, ...positionAt(text, offset) } };
  });
}

async function spotsIn(file: string, text: string): Promise<Spot | undefined> {
  if (['', '.yaml', '.yml'].includes(extname(file))) return (await import('./yaml.ts')).yamlSpots(text);
  const { jsonSpots, scriptSpots } = await import('./script.ts');
  return extname(file) === '.json' ? jsonSpots(text) : scriptSpots(file, text);
}
