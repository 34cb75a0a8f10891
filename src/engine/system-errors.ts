import { fail } from '../diagnostics/diagnostic.ts';
import { ReadFault } from '../kernel/ports.ts';

/** What the system refuses, as a diagnostic with its place; anything else goes on as it is. */
export function systemError(error: unknown): never {
  if (error instanceof ReadFault) return refused(error.code, error.path, error);
  if (error instanceof Error && 'syscall' in error && 'code' in error && 'path' in error) {
    return refused(String(error.code), String(error.path), error);
  }
  throw error;
}

function refused(why: string, path: string, cause: Error): never {
  return fail('system-refuses', { why, path }, { file: path }, { cause });
}
