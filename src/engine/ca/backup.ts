import { dirname, resolve } from 'node:path';
import { encodeBackup } from '../../apply/backup/payload.ts';
import { writeFault } from '../../apply/write-fault.ts';
import { fail, RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { rootState } from '../../inventory/state.ts';
import type { Inventory } from '../../inventory/types.ts';
import type { World } from '../../kernel/ports.ts';
import { lockAge } from '../../pki/age.ts';
import { look, openProject, planOptions } from '../project.ts';
import { resultOf, unfinishedNotes } from '../plan.ts';
import { systemError } from '../system-errors.ts';
import { BACKUP_LIMIT, passphraseFor } from './file.ts';
import { readArchivedRoots, readLiveRoot, rootsOf } from './roots.ts';
import type { BackupOptions, BackupResult } from './types.ts';

/**
 * Writes the root's key and certificate and every archived root into one file that a passphrase locks.
 *
 *     plan (where the root is) → root, archive → JSON → age → a new file
 *
 * Never overwrites. Throws `backup-exists`, `backup-nothing`, `apply-interrupted`, those of an unusable root and of the passphrase.
 */
export async function backUpRoots(world: World, options: BackupOptions): Promise<BackupResult> {
  const project = await openProject(world, options);
  const file = resolve(options.cwd, options.file);
  if (attempt(() => world.files.entry(file))) refuse(file);
  // Before anybody is asked for a passphrase.
  if (!attempt(() => world.files.entry(dirname(file))))
    fail('write-failed', { why: 'ENOENT' }, { file: dirname(file) });
  const { inventory, plan } = look(world, project, planOptions(project, options));
  refuseInterrupted(inventory);
  const read = () => {
    // The live one first: should an apply replace it meanwhile, it is in the archive before it goes.
    const root = readLiveRoot(world, plan.ca, inventory);
    return { root, archive: readArchivedRoots(world, project) };
  };
  const { root, archive } = attempt(read);
  if (!root && archive.length === 0)
    fail('backup-nothing', { name: plan.ca.name, isLost: plan.ca.fingerprint !== undefined });
  const passphrase = await passphraseFor(world, options, true);
  options.onLock?.();
  const payload = encodeBackup({ made: world.clock.now(), root, archive }, rootState(project.desired).base);
  const bytes = await lockAge(payload, passphrase, options.work);
  payload.fill(0);
  if (bytes.length > BACKUP_LIMIT) fail('backup-too-large', { size: bytes.length, limit: BACKUP_LIMIT });
  options.signal?.throwIfAborted();
  await writeNew(world, file, bytes);
  const { config, root: folder, diagnostics } = resultOf(world, project, inventory, plan);
  return { config, root: folder, diagnostics, file, roots: rootsOf(root, archive) };
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    return systemError(error);
  }
}

function refuse(file: string): never {
  return fail('backup-exists', {}, { file });
}

/** Half of what an apply was about to do is no state to come back to. */
function refuseInterrupted(inventory: Inventory): void {
  const notes = unfinishedNotes(inventory);
  if (notes.length > 0) throw new RcsslError(notes.map((note): Diagnostic => ({ ...note, severity: 'error' })));
}

/** 0600 and O_EXCL: what came to be there meanwhile stays too. */
async function writeNew({ disk }: World, file: string, bytes: Buffer): Promise<void> {
  await disk.createFile(file, { bytes, mode: 0o600, gid: undefined }, true).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') refuse(file);
    writeFault(file, error);
  });
  await disk.syncFolder(dirname(file)).catch((error: unknown) => {
    disk.remove(file);
    writeFault(file, error);
  });
}
