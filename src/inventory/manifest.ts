import { isAbsolute, join } from 'node:path';
import { pathFrom } from '../kernel/path.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Files } from '../kernel/ports.ts';
import type { Manifest, ManifestEntry } from './types.ts';

const FORMAT = 1;
const LIMIT = 64 * 1024 * 1024;

/** Where the manifest of a project or of a shared root lies. */
export function manifestPath(stateFolder: string): string {
  return join(stateFolder, 'manifest.json');
}

function isEntry(value: unknown): value is ManifestEntry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  const texts = ['config', 'owner', 'artifact', 'hash'].every((key) => typeof entry[key] === 'string');
  return (
    texts &&
    /^(?:ca|host|proxy):/.test(entry['owner'] as OwnerId) &&
    ['string', 'undefined'].includes(typeof entry['publicKey'])
  );
}

/**
 * Reads what rcssl owns, by absolute path. A manifest that is gone or that cannot be read as one costs nothing but the
 * knowledge of ownership, so it is empty then; one of a newer format stops the run, since writing would lose it.
 */
export function readManifest(files: Files, stateFolder: string, base: string): Manifest {
  const bytes = files.read(manifestPath(stateFolder), LIMIT);
  if (!bytes) return new Map();
  let data: unknown;
  try {
    data = JSON.parse(bytes.toString('utf8'));
  } catch {
    return new Map();
  }
  if (typeof data !== 'object' || data === null) return new Map();
  const { formatVersion, files: recorded } = data as { formatVersion?: unknown; files?: unknown };
  if (typeof formatVersion === 'number' && formatVersion > FORMAT) {
    fail('manifest-newer', { version: formatVersion }, { file: manifestPath(stateFolder) });
  }
  if (formatVersion !== FORMAT || typeof recorded !== 'object' || recorded === null) return new Map();
  const entries = Object.entries(recorded).filter((pair): pair is [string, ManifestEntry] => isEntry(pair[1]));
  return new Map(entries.map(([path, entry]) => [isAbsolute(path) ? path : join(base, path), entry]));
}

/** The bytes of a manifest: sorted, `/` between folders, paths relative to `base` where they lie in it. */
export function encodeManifest(manifest: Manifest, base: string): Buffer {
  const rows = [...manifest].map(([path, entry]): [string, ManifestEntry] => [pathFrom(base, path), entry]);
  rows.sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(
    `${JSON.stringify({ formatVersion: FORMAT, files: Object.fromEntries(rows) }, null, 1)}\n`,
    'utf8',
  );
}
