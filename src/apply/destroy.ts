import { dirname, join } from 'node:path';
import type { Desired } from '../desired/types.ts';
import { owedPath } from '../hooks/owed.ts';
import { ARCHIVE_INDEX, archiveFolder, isArchivedName, listOwn } from '../inventory/archive.ts';
import { encodeManifest, manifestPath } from '../inventory/manifest.ts';
import { execFolder, execRecord, isExecFile, projectState, type StatePlace } from '../inventory/state.ts';
import type { Inventory } from '../inventory/types.ts';
import { currentFolder, isVersion } from '../inventory/version.ts';
import { isInside } from '../kernel/path.ts';
import type { World } from '../kernel/ports.ts';
import { sha256 } from '../pki/public-key.ts';
import type { Doomed } from './doomed.ts';
import { outdated } from './switch.ts';
import { attempt, writeFault } from './write-fault.ts';

const LIMIT = 16 * 1024 * 1024;

/**
 * Removes files, hosts' before the root's, and what rcssl keeps about them, last of all its manifest: one that was stopped
 * is finished by the next. Runs under the lock. `archived` are the folders of the archive that a backup has: what else is in
 * there may be somebody's only copy, and stays. Gives what went, absolute. Throws `write-failed`.
 */
export async function destroyFiles(
  world: World,
  desired: Desired,
  inventory: Inventory,
  plan: Doomed,
  archived: readonly string[],
): Promise<string[]> {
  const { files, disk } = world;
  const order = [...plan.files].sort((a, b) => rank(a) - rank(b));
  // Files of layout `atomic` lie in versions of their folder: the links and the earlier versions go with them.
  const links = [...new Set(order.map(({ path }) => dirname(path)))].filter((folder) => currentFolder(files, folder));
  const earlier = outdated([], order, files).map(({ path }) => path);
  const gone: string[] = [];
  for (const { path, hash } of order) {
    const bytes = attempt(path, () => files.read(path, LIMIT));
    // Somebody may have changed it since it was looked at.
    if (!bytes || sha256(bytes) !== hash) continue;
    attempt(path, () => disk.remove(path));
    gone.push(path);
  }
  for (const path of earlier) attempt(path, () => disk.remove(path));
  for (const link of links) removeVersions(world, link);
  for (const path of gone) removeEmpty(world, dirname(path), desired.root);
  await forgetFiles(world, desired, inventory, plan, archived);
  return gone;
}

function rank({ owner, artifact }: { readonly owner: string; readonly artifact: string }): number {
  return (owner.startsWith('ca:') ? 2 : 0) + (artifact === 'key' ? 1 : 0);
}

function removeVersions({ files, disk }: World, link: string): void {
  const beside = dirname(link);
  for (const name of files.list(beside)) if (isVersion(name, link)) disk.removeFolder(join(beside, name));
  // It leads nowhere now, or to what somebody else put there.
  if (!currentFolder(files, link)) attempt(link, () => disk.remove(link));
}

/** Upwards, as long as nothing is in them; the project's own folder stays. */
function removeEmpty({ files, disk }: World, folder: string, root: string): void {
  if (folder === root || !isInside(root, folder)) return;
  disk.removeFolder(folder);
  if (files.entry(folder) === undefined) removeEmpty({ files, disk } as World, dirname(folder), root);
}

async function forgetFiles(
  world: World,
  desired: Desired,
  inventory: Inventory,
  plan: Doomed,
  archived: readonly string[],
): Promise<void> {
  const { project, shared } = projectState(desired);
  if (plan.takesState) clearState(world, project, archived);
  else await keepOthers(world, project, inventory, plan);
  if (shared && plan.takesRoot) clearState(world, shared, archived);
}

/** All but the lock, which is held, and what is not rcssl's. */
function clearState({ files, disk, machine }: World, place: StatePlace, archived: readonly string[]): void {
  const { folder } = place;
  const bundles = execFolder(place);
  for (const path of listOwn(files, bundles)
    .filter(isExecFile)
    .map((name) => join(bundles, name))) {
    if (files.entry(path)?.kind === 'file') attempt(path, () => disk.remove(path));
    const record = execRecord(machine().dataFolder, path);
    attempt(record, () => disk.remove(record));
  }
  disk.removeFolder(bundles);
  const archive = archiveFolder(folder);
  for (const name of listOwn(files, archive).filter((each) => archived.includes(each))) {
    const inner = join(archive, name);
    const own = listOwn(files, inner).filter((file) => file === ARCHIVE_INDEX || isArchivedName(file));
    for (const path of own.map((file) => join(inner, file))) {
      if (files.entry(path)?.kind === 'file') attempt(path, () => disk.remove(path));
    }
    disk.removeFolder(inner);
  }
  disk.removeFolder(archive);
  // What stays in the archive stays out of git, too.
  const ignores = files.entry(archive) ? [] : [join(folder, '.gitignore')];
  for (const path of [owedPath(folder), ...ignores, manifestPath(folder)]) attempt(path, () => disk.remove(path));
}

/** Of another configuration in this folder. */
async function keepOthers(
  { disk }: World,
  place: StatePlace,
  { manifest }: Inventory,
  { files }: Doomed,
): Promise<void> {
  const path = manifestPath(place.folder);
  const gone = new Set(files.map((file) => file.path));
  const rest = new Map([...manifest].filter(([at]) => !gone.has(at)));
  const draft = `${path}.new`;
  try {
    disk.remove(draft);
    await disk.createFile(draft, { bytes: encodeManifest(rest, place.base), mode: 0o600, gid: undefined }, true);
    disk.rename(draft, path);
  } catch (error) {
    writeFault(path, error);
  }
}
