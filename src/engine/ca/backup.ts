import { randomBytes } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { encodeBackup } from '../../apply/backup/payload.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { rootState } from '../../inventory/state.ts';
import type { World } from '../../kernel/ports.ts';
import { lockAge } from '../../pki/age.ts';
import { look, openProject, planOptions } from '../project.ts';
import { resultOf } from '../plan.ts';
import { systemError } from '../system-errors.ts';
import { BACKUP_LIMIT, passphraseFor } from './file.ts';
import { readArchivedRoots, readLiveRoot, rootsOf } from './roots.ts';
import type { BackupOptions, BackupResult } from './types.ts';

/**
 * Writes the root's key and certificate and every archived root into one file that a passphrase locks.
 *
 *     plan (where the root is) → root, archive → JSON → age → a new file
 *
 * Never overwrites. Throws `backup-exists`, `backup-nothing`, those of an unusable root and of the passphrase.
 */
export async function backUpRoots(world: World, options: BackupOptions): Promise<BackupResult> {
  const project = await openProject(world, options);
  const file = resolve(options.cwd, options.file);
  refuseExisting(world, file);
  const { inventory, plan } = look(world, project, planOptions(project, options));
  const read = () => {
    // The live one first: should an apply replace it meanwhile, it is in the archive before it goes.
    const root = readLiveRoot(world, plan.ca, inventory);
    return { root, archive: readArchivedRoots(world, project) };
  };
  const { root, archive } = attempt(read);
  if (!root && archive.length === 0) fail('backup-nothing', { name: plan.ca.name });
  const passphrase = await passphraseFor(world, options, true);
  options.onLock?.();
  const payload = encodeBackup({ made: world.clock.now(), root, archive }, rootState(project.desired).base);
  const bytes = await lockAge(payload, passphrase, options.work);
  payload.fill(0);
  if (bytes.length > BACKUP_LIMIT) fail('backup-too-large', { size: bytes.length, limit: BACKUP_LIMIT });
  options.signal?.throwIfAborted();
  await writeNew(world, file, bytes);
  const { config, root: folder, diagnostics } = resultOf(project, inventory, plan);
  return { config, root: folder, diagnostics, file, roots: rootsOf(root, archive) };
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    return systemError(error);
  }
}

function refuseExisting({ files }: World, file: string): void {
  if (attempt(() => files.entry(file))) fail('backup-exists', {}, { file });
}

/** Complete beside its place, and on the disk, before it has its name: half a backup is none. */
async function writeNew(world: World, file: string, bytes: Buffer): Promise<void> {
  const { disk } = world;
  const staged = join(dirname(file), `.${basename(file)}.rcssl-${randomBytes(6).toString('hex')}`);
  try {
    await disk.createFile(staged, { bytes, mode: 0o600, gid: undefined }, true);
    refuseExisting(world, file);
    disk.rename(staged, file);
    disk.syncFolder(dirname(file));
  } catch (error) {
    disk.remove(staged);
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    fail('write-failed', { why: String(error.code) }, { file }, { cause: error });
  }
}
