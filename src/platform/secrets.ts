import { resolve as resolvePath } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import { Secret } from '../kernel/secret.ts';
import type { SecretRef } from '../kernel/secret-ref.ts';
import { ReadFault, type Exec, type Files, type SecretPurpose, type Secrets } from '../kernel/ports.ts';

const SECRET_LIMIT = 64 * 1024;
/** Password managers ask for a fingerprint first. */
const COMMAND_TIMEOUT = 120_000;

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  readonly exec: Exec;
  /** Asks on the terminal without echo; undefined where nobody can be asked. */
  readonly prompt: ((what: string, fresh: boolean) => Promise<Secret>) | undefined;
  readonly canAsk?: () => boolean;
}

/** One line: the newline that `echo` and editors put at the end is not part of a passphrase. */
function firstLine(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('utf8').replace(/\r?\n$/, ''), 'utf8');
}

export function secretsFrom(sources: SecretSources): Secrets {
  async function lookUp(
    reference: SecretRef,
    { what, cwd, fresh = false, instead, signal }: SecretPurpose,
  ): Promise<Buffer> {
    if ('env' in reference) {
      const value = sources.env[reference.env];
      return value === undefined ? fail('secret-env-unset', { what, name: reference.env }) : Buffer.from(value, 'utf8');
    }
    if ('file' in reference) {
      const path = resolvePath(cwd, reference.file);
      try {
        const bytes = sources.files.read(path, SECRET_LIMIT);
        return bytes ? firstLine(bytes) : fail('secret-file-unreadable', { what, why: 'ENOENT' }, { file: path });
      } catch (error) {
        if (!(error instanceof ReadFault)) throw error;
        return fail('secret-file-unreadable', { what, why: error.code }, { file: path });
      }
    }
    if ('command' in reference) {
      const program = reference.command[0] ?? '';
      const result = await sources.exec
        .run(reference.command, { cwd, timeout: COMMAND_TIMEOUT, ...(signal && { signal }) })
        .catch((error: Error) => fail('secret-command-failed', { what, program, why: error.message }));
      if (result.code === 0) return firstLine(result.stdout);
      return fail('secret-command-failed', { what, program, why: `exit ${result.code ?? 'by a signal'}` });
    }
    if (!sources.prompt || sources.canAsk?.() === false) return fail('secret-no-terminal', { what, instead });
    return (await sources.prompt(what, fresh)).reveal();
  }

  return {
    async resolve(reference, purpose) {
      const bytes = await lookUp(reference, purpose);
      return bytes.length > 0 ? new Secret(bytes) : fail('secret-empty', { what: purpose.what });
    },
  };
}
