import { fail } from '../diagnostics/diagnostic.ts';

/** What the system refuses, as a diagnostic with its place; anything else goes on as it is. */
export function attempt<T>(path: string, run: () => T, code: FaultCode = 'write-failed'): T {
  try {
    return run();
  } catch (error) {
    return writeFault(path, error, code);
  }
}

/** `write-unfinished`: the journal holds what is left to do. */
export type FaultCode = 'write-failed' | 'write-unfinished';

export function writeFault(path: string, error: unknown, code: FaultCode = 'write-failed'): never {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return fail(code, { why: String(error.code) }, { file: path }, { cause: error });
}
