import { join, resolve } from 'node:path';
import { decodeBackup, type Backup } from '../../apply/backup/payload.ts';
import { missingFrom, restore, type Restoration } from '../../apply/backup/restore.ts';
import { archiveFolder } from '../../inventory/archive.ts';
import { rootState } from '../../inventory/state.ts';
import type { World } from '../../kernel/ports.ts';
import type { Secret } from '../../kernel/secret.ts';
import { alone, lookSettled, recoverProject } from '../alone.ts';
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
 *     file → passphrase → backup → what is missing → lock → looked at again → one transaction, as of an apply → plan
 */
export async function restoreRoots(world: World, options: RestoreOptions): Promise<RestoreResult> {
  const project = await openProject(world, options);
  const file = resolve(options.cwd, options.file);
  const binary = await readBackupFile(world, file);
  const passphrase = await passphraseFor(world, options, false);
  options.onLock?.();
  const backup = await open(binary, passphrase, file, project);
  options.signal?.throwIfAborted();
  const { restored, recovered } = await putBack(world, project, backup, options).catch(systemError);
  const after = look(world, project, planOptions(project, options));
  const { config, root, complete, diagnostics } = resultOf(world, project, after.inventory, after.plan);
  const roots = rootsOf(backup.root, backup.archive);
  return { config, root, complete, diagnostics, file, roots, restored, recovered };
}

async function open(binary: Buffer, passphrase: Secret, file: string, { desired }: Project): Promise<Backup> {
  const payload = await openBackupFile(binary, passphrase, file);
  try {
    return decodeBackup(payload, file, rootState(desired).base);
  } finally {
    payload.fill(0);
  }
}

type Outcome = Pick<RestoreResult, 'restored' | 'recovered'>;

/** What an interrupted apply had begun is finished or undone first: it may be this very root. */
async function putBack(world: World, project: Project, backup: Backup, options: RestoreOptions): Promise<Outcome> {
  const { desired } = project;
  const wanted = planOptions(project, options);
  const { recovered, ...first } = await lookSettled(world, project, wanted, options);
  if (isNothing(missingFrom(backup, desired, first, world.files))) {
    return { restored: { files: [], archive: [] }, recovered };
  }
  return alone(world, project, options, async () => {
    // Another process may have been here while this one waited.
    const late = await recoverProject(world, project, options);
    const now = look(world, project, wanted);
    const missing = missingFrom(backup, desired, now, world.files);
    await restore(world, desired, now.inventory, missing, options);
    const archive = archiveFolder(rootState(desired).folder);
    const restored = {
      files: missing.root.writes.map(({ path }) => path),
      archive: missing.archive.map(({ folder }) => join(archive, folder)),
    };
    return { restored, recovered: [...recovered, ...late] };
  });
}

function isNothing({ root, archive }: Restoration): boolean {
  return root.writes.length === 0 && archive.length === 0;
}
