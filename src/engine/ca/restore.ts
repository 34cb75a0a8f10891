import { join, resolve } from 'node:path';
import { decodeBackup, type Backup } from '../../apply/backup/payload.ts';
import { missingFrom, restore, type Restoration } from '../../apply/backup/restore.ts';
import { withLocks } from '../../apply/lock.ts';
import { archiveFolder } from '../../inventory/archive.ts';
import { projectState, rootState } from '../../inventory/state.ts';
import type { World } from '../../kernel/ports.ts';
import type { Secret } from '../../kernel/secret.ts';
import { look, openProject, planOptions, type Project } from '../project.ts';
import { resultOf } from '../plan.ts';
import { systemError } from '../system-errors.ts';
import { openBackupFile, passphraseFor, readBackupFile } from './file.ts';
import { rootsOf } from './roots.ts';
import type { RestoreOptions, RestoreResult } from './types.ts';

/**
 * Puts the roots of a backup where the configuration declares its own: the live one in its place, the others in the
 * archive. What is there already stays, and another root in its place stops it before anything is written.
 *
 *     file → passphrase → backup → what is missing → lock → looked at again → one transaction → plan
 */
export async function restoreRoots(world: World, options: RestoreOptions): Promise<RestoreResult> {
  const project = await openProject(world, options);
  const file = resolve(options.cwd, options.file);
  const binary = await readBackupFile(world, file);
  const passphrase = await passphraseFor(world, options, false);
  options.onLock?.();
  const backup = await open(binary, passphrase, file, project);
  options.signal?.throwIfAborted();
  const missing = missingNow(world, project, backup, options);
  const restored = isNothing(missing) ? { files: [], archive: [] } : await putBack(world, project, backup, options);
  const after = look(world, project, planOptions(project, options));
  const { config, root, complete, diagnostics } = resultOf(project, after.inventory, after.plan);
  return { config, root, complete, diagnostics, file, roots: rootsOf(backup.root, backup.archive), restored };
}

async function open(binary: Buffer, passphrase: Secret, file: string, { desired }: Project): Promise<Backup> {
  const payload = await openBackupFile(binary, passphrase, file);
  try {
    return decodeBackup(payload, file, rootState(desired).base);
  } finally {
    payload.fill(0);
  }
}

function missingNow(world: World, project: Project, backup: Backup, options: RestoreOptions): Restoration {
  const { inventory } = look(world, project, planOptions(project, options));
  try {
    return missingFrom(backup, project.desired, inventory, world.files);
  } catch (error) {
    return systemError(error);
  }
}

function isNothing({ root, archive }: Restoration): boolean {
  return root.writes.length === 0 && archive.length === 0;
}

/** Gives what was written. */
async function putBack(
  world: World,
  project: Project,
  backup: Backup,
  options: RestoreOptions,
): Promise<RestoreResult['restored']> {
  const { desired } = project;
  const { project: own, shared } = projectState(desired);
  const { signal, onWait, durable = true } = options;
  const folders = shared ? [own.folder, shared.folder] : [own.folder];
  const work = withLocks(world, folders, { signal, ...(onWait ? { onWait } : {}) }, async () => {
    const { inventory } = look(world, project, planOptions(project, options));
    // Another process may have been here while this one waited.
    const missing = missingFrom(backup, desired, inventory, world.files);
    await restore(world, desired, inventory, missing, { signal, durable });
    const archive = archiveFolder(rootState(desired).folder);
    return {
      files: missing.root.writes.map(({ path }) => path),
      archive: missing.archive.map(({ folder }) => join(archive, folder)),
    };
  });
  return work.catch(systemError);
}
