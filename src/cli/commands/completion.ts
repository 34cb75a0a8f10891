import type { Call } from '../call.ts';
import { SHELLS, type Shell } from '../completion.ts';

/** `rcssl completion SHELL`; the parser has checked the shell. */
export async function run({ args, io, flags }: Call): Promise<number> {
  const script = SHELLS[args[0] as Shell]();
  io.out(flags.json ? `${JSON.stringify({ formatVersion: 1, command: 'completion', script }, null, 2)}\n` : script);
  return 0;
}
