import { join, resolve } from 'node:path';
import { doomed, type Doomed } from '../../apply/doomed.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { archiveFolder, isArchiveFolder, listOwn } from '../../inventory/archive.ts';
import { projectState } from '../../inventory/state.ts';
import type { Inventory } from '../../inventory/types.ts';
import { formatInstant } from '../../kernel/instant.ts';
import type { World } from '../../kernel/ports.ts';
import { placeOf } from '../../plan/actions.ts';
import type { CaPlan } from '../../plan/types.ts';
import { alone, recoverProject } from '../alone.ts';
import { backUpRoots } from '../ca/backup.ts';
import { readArchivedRoots } from '../ca/roots.ts';
import type { BackedUpRoot } from '../ca/types.ts';
import { resultOf } from '../plan.ts';
import { look, openProject, planOptions, type Project } from '../project.ts';
import { systemError } from '../system-errors.ts';
import type { StoreId } from '../../trust/store-ids.ts';
import { registryOf } from '../trust/change.ts';
import { namedStores } from '../trust/stores.ts';
import { planUntrustRoots, untrustRoots } from '../trust/trust.ts';
import type { TrustResult } from '../trust/types.ts';
import type { DestroyOptions, DestroyPlan, DestroyResult } from './types.ts';

/** What it would do. Reads only. */
export async function planDestroy(world: World, options: DestroyOptions): Promise<DestroyPlan> {
  const project = await openProject(world, options);
  const { inventory, plan } = look(world, project, planOptions(project, options));
  const { config, root } = resultOf(world, project, inventory, plan);
  const { files, left, takesRoot } = doomed(project.desired, inventory, options.sharedRoot);
  const { ca } = plan;
  const { confirm: _, ...rest } = options;
  const archived = takesRoot ? readRoots(world, project) : [];
  return {
    config,
    root,
    ca: { name: ca.name, goes: takesRoot, shared: ca.shared },
    files,
    left: [...left, ...keptArchive(world, project, archived)],
    archived,
    backup: takesRoot && (hasKey(inventory, ca) || archived.length > 0) ? backupFile(world, ca, options) : undefined,
    trust: takesRoot ? await planUntrustRoots(world, rest) : undefined,
    diagnostics: [],
  };
}

/**
 * The way out, once `confirm` says yes:
 *
 *     root → encrypted backup → untrusted everywhere → files removed
 *
 * Each only after the one before it: a root's key goes when it is in the backup and no store of rcssl trusts it any more.
 * Throws `destroy-declined`, and those of backup, trust and locks.
 */
export async function destroyProject(world: World, options: DestroyOptions): Promise<DestroyResult> {
  const plan = await planDestroy(world, options);
  const done = { ...plan, backedUp: [], trust: undefined, removed: [], complete: true };
  if (isNothing(plan)) return done;
  if (!(await options.confirm(plan))) fail('destroy-declined', {});
  options.signal?.throwIfAborted();
  const backedUp = plan.backup === undefined ? [] : await backUp(world, plan.backup, options);
  const { confirm: _, ...rest } = options;
  let trust: TrustResult | undefined;
  try {
    trust = plan.trust && (await untrustRoots(world, rest));
    if (trust && isStillKnown(world, trust, options)) return { ...done, backedUp, trust, complete: false };
    const { removed, left } = await remove(world, options, backedUp, plan.archived);
    return { ...done, backedUp, trust, removed, left };
  } catch (error) {
    // The backup is written, and stores may have been changed: that is told, not that nothing was done.
    if (options.signal?.aborted && error === options.signal.reason)
      return { ...done, backedUp, trust, complete: false };
    throw error;
  }
}

/** A store that rcssl put one of these roots into has it still, as far as anybody knows; those that were not meant do not count. */
function isStillKnown(world: World, { roots }: TrustResult, { stores }: DestroyOptions): boolean {
  const named = namedStores(stores);
  const isMeant = ({ store }: { readonly store: StoreId }) => named === undefined || named.includes(store);
  return registryOf(world).some(
    ({ fingerprint, places }) => roots.some((root) => root.fingerprint === fingerprint) && places.some(isMeant),
  );
}

function isNothing({ files, backup, trust }: DestroyPlan): boolean {
  const isTrusted = trust?.lines.some(({ change }) => change === 'remove' || change === 'forget') ?? false;
  return files.length === 0 && backup === undefined && !isTrusted;
}

async function backUp(world: World, file: string, options: DestroyOptions): Promise<readonly BackedUpRoot[]> {
  const { cwd, config, signal, passphrase, onLock, work } = options;
  const result = await backUpRoots(world, {
    cwd,
    file,
    passphrase,
    ...(config !== undefined && { config }),
    ...(signal && { signal }),
    ...(onLock && { onLock }),
    ...(work !== undefined && { work }),
  });
  return result.roots;
}

/** Looks again under the locks: what was changed meanwhile stays. */
async function remove(
  world: World,
  options: DestroyOptions,
  backedUp: readonly BackedUpRoot[],
  archived: readonly string[],
): Promise<{ readonly removed: readonly string[]; readonly left: Doomed['left'] }> {
  const { destroyFiles } = await import('../../apply/destroy.ts');
  const project = await openProject(world, options);
  const found = await alone(world, project, options, async () => {
    await recoverProject(world, project, options);
    const { inventory } = look(world, project, planOptions(project, options));
    const plan = doomed(project.desired, inventory, options.sharedRoot);
    const isKey = plan.files.some(({ owner, artifact }) => owner.startsWith('ca:') && artifact === 'key');
    // An apply may have made another one since.
    if (isKey && !backedUp.some(({ state }) => state === 'live')) fail('destroy-root-new', {});
    const removed = await destroyFiles(world, project.desired, inventory, plan, archived);
    return { removed, left: [...plan.left, ...keptArchive(world, project, archived)], plan };
  }).catch(systemError);
  const { project: own, shared } = projectState(project.desired);
  // The lock was in it.
  world.disk.removeFolder(own.folder);
  if (shared && found.plan.takesRoot) world.disk.removeFolder(shared.folder);
  return found;
}

function hasKey({ files }: Inventory, ca: CaPlan): boolean {
  return files.get(placeOf(ca.key))?.state === 'file';
}

/** The folders of the archive with roots that this one replaced. */
function readRoots(world: World, project: Project): string[] {
  try {
    return readArchivedRoots(world, project).map(({ folder }) => folder);
  } catch (error) {
    return systemError(error);
  }
}

/** What else is in the project's archive: files of somebody's that gave way, and hosts'. */
function keptArchive({ files }: World, { desired }: Project, archived: readonly string[]): Doomed['left'] {
  const archive = archiveFolder(projectState(desired).project.folder);
  return listOwn(files, archive)
    .filter((name) => isArchiveFolder(name) && !archived.includes(name))
    .map((name) => ({ path: join(archive, name), why: 'archived' }));
}

/** `development-root-2026-11-25.age`, beside where the user stands; `…-2.age` where that is there already. */
function backupFile(world: World, { name }: CaPlan, { cwd, file }: DestroyOptions): string {
  if (file !== undefined) return resolve(cwd, file);
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const base = resolve(cwd, `${slug || 'root'}-${formatInstant(world.clock.now()).slice(0, 10)}`);
  let path = `${base}.age`;
  for (let n = 2; world.files.entry(path); n += 1) path = `${base}-${n}.age`;
  return path;
}
