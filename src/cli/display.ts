import type { Display } from '../engine/types.ts';
import type { Call } from './call.ts';

/** How an apply shows that it lives; undefined where nothing is to be seen. */
export function displayFor({ io, flags }: Pick<Call, 'io' | 'flags'>): Display | undefined {
  if (flags.json || flags.quiet) return undefined;
  const words = {
    making: ({ name }: { readonly name: string }) => name,
    progress: (made: number, total: number) => `${made} of ${total} made`,
  };
  if (io.live) return { kind: 'live', rows: io.height(), unicode: io.unicode, words };
  return { kind: 'lines', write: (line) => io.out(line === '' ? '\n' : `  ${line}\n`), words };
}
