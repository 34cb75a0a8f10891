import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Files } from '../kernel/ports.ts';
import { STORE_IDS, type StoreId } from './store-ids.ts';
import type { TrustRoot } from './types.ts';

const FORMAT = 1;
const LIMIT = 16 * 1024 * 1024;

/** Where rcssl put a root. */
export interface KnownPlace {
  readonly store: StoreId;
  readonly at: string;
  readonly since: Instant;
  /** The folder of the configuration that it was for, absolute. */
  readonly project: string;
}

/** A root that rcssl put somewhere on this computer. With its certificate, since its project may be gone. */
export interface KnownRoot {
  /** SHA-256 of the DER, lower-case hex. */
  readonly fingerprint: string;
  /** `ca.name` of the configuration: a root and those that it replaced have the same. */
  readonly ca: string;
  /** PEM. */
  readonly certificate: string;
  readonly places: readonly KnownPlace[];
}

/** What rcssl put where, on this computer and for this user. */
export type Registry = readonly KnownRoot[];

export function registryPath(folder: string): string {
  return join(folder, 'registry.json');
}

/** Empty where there is none. Throws `trust-registry-broken` and `trust-registry-newer`: to forget would leave roots behind. */
export function readRegistry(files: Files, folder: string): Registry {
  const path = registryPath(folder);
  const bytes = files.read(path, LIMIT);
  if (!bytes) return [];
  let data: unknown;
  try {
    data = JSON.parse(bytes.toString('utf8'));
  } catch {
    return fail('trust-registry-broken', {}, { file: path });
  }
  const { formatVersion, roots } = (data ?? {}) as { formatVersion?: unknown; roots?: unknown };
  if (typeof formatVersion === 'number' && formatVersion > FORMAT) {
    fail('trust-registry-newer', { version: formatVersion }, { file: path });
  }
  const isRead = formatVersion === FORMAT && Array.isArray(roots) && roots.every(isKnownRoot);
  return isRead ? roots : fail('trust-registry-broken', {}, { file: path });
}

function isKnownRoot(value: unknown): value is KnownRoot {
  if (typeof value !== 'object' || value === null) return false;
  const { fingerprint, ca, certificate, places } = value as Record<string, unknown>;
  const isHash = typeof fingerprint === 'string' && /^[0-9a-f]{64}$/.test(fingerprint);
  const isText = typeof ca === 'string' && typeof certificate === 'string';
  return isHash && isText && Array.isArray(places) && places.every(isKnownPlace);
}

function isKnownPlace(value: unknown): value is KnownPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { store, at, since, project } = value as Record<string, unknown>;
  const isText = typeof at === 'string' && typeof project === 'string';
  return STORE_IDS.some((id) => id === store) && isText && typeof since === 'number';
}

export function encodeRegistry(registry: Registry): Buffer {
  const roots = [...registry].sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  return Buffer.from(`${JSON.stringify({ formatVersion: FORMAT, roots }, null, 1)}\n`, 'utf8');
}

export function placeOf(
  registry: Registry,
  { fingerprint }: Pick<TrustRoot, 'fingerprint'>,
  store: StoreId,
  at: string,
): KnownPlace | undefined {
  const known = registry.find((root) => root.fingerprint === fingerprint);
  return known?.places.find((place) => place.store === store && place.at === at);
}

/** With a place more; one that is known stays as it is. */
export function remember(
  registry: Registry,
  root: Pick<TrustRoot, 'fingerprint' | 'pem'>,
  ca: string,
  place: KnownPlace,
): Registry {
  if (placeOf(registry, root, place.store, place.at)) return registry;
  const { fingerprint, pem: certificate } = root;
  const known = registry.find((one) => one.fingerprint === fingerprint) ?? { fingerprint, ca, certificate, places: [] };
  const others = registry.filter((one) => one.fingerprint !== fingerprint);
  return [...others, { ...known, places: [...known.places, place] }];
}

/** Without a place; a root that is nowhere any more goes too. */
export function forget(
  registry: Registry,
  { fingerprint }: Pick<TrustRoot, 'fingerprint'>,
  store: StoreId,
  at: string,
): Registry {
  return registry.flatMap((root) => {
    if (root.fingerprint !== fingerprint) return [root];
    const places = root.places.filter((place) => place.store !== store || place.at !== at);
    return places.length > 0 ? [{ ...root, places }] : [];
  });
}

/** Where a root is known to be in a store. */
export function placesOf(
  registry: Registry,
  { fingerprint }: Pick<TrustRoot, 'fingerprint'>,
  store: StoreId,
): string[] {
  const known = registry.find((root) => root.fingerprint === fingerprint)?.places ?? [];
  return known.filter((place) => place.store === store).map(({ at }) => at);
}

/** Where a store has been used before. */
export function placesKnown(registry: Registry, store: StoreId): string[] {
  const places = registry.flatMap((root) => root.places.filter((place) => place.store === store));
  return [...new Set(places.map(({ at }) => at))];
}
