import { fail } from '../../diagnostics/diagnostic.ts';
import { ReadFault, type World } from '../../kernel/ports.ts';
import type { Secret } from '../../kernel/secret.ts';
import { openAge, readAge } from '../../pki/age.ts';
import { PkiError } from '../../pki/keys.ts';
import { systemError } from '../system-errors.ts';
import type { BackupOptions } from './types.ts';

/** Thousands of roots are less; more is refused before it is read. */
export const BACKUP_LIMIT = 64 * 1024 * 1024;

const NO_BACKUP: Readonly<Record<string, string>> = {
  TOOBIG: `it is larger than ${BACKUP_LIMIT / 1024 / 1024} MiB`,
  NOTFILE: 'it is not a file',
};

export function passphraseFor(world: World, options: Omit<BackupOptions, 'work'>, fresh: boolean): Promise<Secret> {
  const { file, passphrase, cwd, signal } = options;
  const instead = '--passphrase-env NAME or --passphrase-file FILE';
  return world.secrets.resolve(passphrase, { what: `backup ${file}`, cwd, fresh, signal, instead });
}

/** An age file that a passphrase can open, in binary form. Throws `backup-missing` and `backup-unreadable`. */
export async function readBackupFile({ files }: World, file: string): Promise<Buffer> {
  let bytes: Buffer | undefined;
  try {
    bytes = files.read(file, BACKUP_LIMIT);
  } catch (error) {
    const why = error instanceof ReadFault ? NO_BACKUP[error.code] : undefined;
    return why === undefined ? systemError(error) : fail('backup-unreadable', { why }, { file });
  }
  if (!bytes) return fail('backup-missing', {}, { file });
  return readAge(bytes).catch((error: unknown) => notABackup(error, file));
}

/** Throws `backup-passphrase-wrong` and `backup-unreadable`. */
export function openBackupFile(binary: Buffer, passphrase: Secret, file: string): Promise<Buffer> {
  return openAge(binary, passphrase).catch((error: unknown) => notABackup(error, file));
}

function notABackup(error: unknown, file: string): never {
  if (!(error instanceof PkiError)) throw error;
  if (error.code === 'passphrase-wrong') fail('backup-passphrase-wrong', {}, { file });
  return fail('backup-unreadable', { why: error.message }, { file });
}
