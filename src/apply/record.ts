import { isInside } from '../kernel/path.ts';
import { encodeManifest, manifestPath } from '../inventory/manifest.ts';
import type { StatePlace, StatePlaces } from '../inventory/state.ts';
import type { Inventory, Manifest, ManifestEntry } from '../inventory/types.ts';
import type { Desired } from '../desired/types.ts';
import { actionsOf } from '../plan/actions.ts';
import type { Action, Plan } from '../plan/types.ts';
import type { Unit, Write } from './types.ts';

/** The manifest as it has to be once the units are in place: their files, and every file that was right already. */
export function nextManifest(plan: Plan, units: readonly Unit[], inventory: Inventory, config: string): Manifest {
  const next = new Map<string, ManifestEntry>();
  for (const [path, entry] of inventory.manifest) {
    const state = inventory.files.get(path)?.state ?? 'missing';
    // What cannot be looked at may be what it was.
    if (state !== 'missing' && state !== 'not-a-file') next.set(path, entry);
  }
  for (const action of actionsOf(plan)) {
    if (action.kind === 'remove') next.delete(action.path);
    if (action.kind !== 'keep' || !action.owned) continue;
    const { path } = action.target;
    // A shared root is recorded once, whichever configuration looks at it.
    const by = action.target.owner.startsWith('ca:') ? (next.get(path)?.config ?? config) : config;
    const entry = entryOf(action, inventory, by);
    if (entry) next.set(path, entry);
  }
  for (const { records } of units) for (const [path, record] of records) next.set(path, { config, ...record });
  return next;
}

function entryOf({ target }: Action, { files }: Inventory, config: string): ManifestEntry | undefined {
  const file = files.get(target.path);
  if (file?.state !== 'file') return undefined;
  const { publicKey, keyKind } = file.content.type === 'key' ? file.content.facts : {};
  const key = publicKey === undefined ? {} : { publicKey, ...(keyKind === undefined ? {} : { keyKind }) };
  return { config, owner: target.owner, artifact: target.artifact, hash: file.hash, ...key };
}

/** Two manifests that say the same. */
function isSameManifest(a: Manifest, b: Manifest): boolean {
  const fields = ['config', 'owner', 'artifact', 'hash', 'publicKey', 'keyKind'] as const;
  return (
    a.size === b.size && [...a].every(([path, entry]) => fields.every((field) => entry[field] === b.get(path)?.[field]))
  );
}

/** The files of state that have to be written for a manifest; none if it is what is on the disk already. */
export function manifestWrites(next: Manifest, before: Manifest, { project, shared }: StatePlaces): Write[] {
  const isShared = ([path]: readonly [string, ManifestEntry]) => shared !== undefined && isInside(shared.folder, path);
  const writes: Write[] = [];
  const places: [StatePlace, boolean][] = shared
    ? [
        [project, false],
        [shared, true],
      ]
    : [[project, false]];
  for (const [place, wanted] of places) {
    const pick = (manifest: Manifest) => new Map([...manifest].filter((row) => isShared(row) === wanted));
    const bytes = encodeManifest(pick(next), place.base);
    if (bytes.equals(encodeManifest(pick(before), place.base))) continue;
    writes.push({ path: manifestPath(place.folder), bytes, mode: 0o600, gid: undefined, folderMode: 0o700 });
  }
  return writes;
}

/** The manifest knows less than the disk does: it was lost, or files were there before rcssl. */
export function isManifestBehind(desired: Desired, inventory: Inventory, plan: Plan): boolean {
  return !isSameManifest(nextManifest(plan, [], inventory, desired.configFile), inventory.manifest);
}
