import { stripTypeScriptTypes } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { evaluateModule } from './module.ts';
import { silenceLoaderWarnings } from './warnings.ts';

/** What `isolated.ts` wants evaluated. */
export interface Order {
  readonly file: string;
  readonly text: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What it is told; `seen` are the files that were read, and those that were wanted and are not there. */
export type Answer = { readonly seen: readonly string[] } & (
  | { readonly value: unknown; readonly files: readonly string[] }
  | { readonly diagnostics: readonly Diagnostic[] }
);

// The other side of isolated.ts: a module with all that it imports is evaluated here, and goes with the thread.

const seen = new Set<string>();

// Loads what takes types away, which is a third of the time that a small configuration takes.
const unsilence = silenceLoaderWarnings();
stripTypeScriptTypes('let a: 1');
unsilence();

parentPort?.once('message', ({ file, text, env }: Order) => {
  // Nobody awaits it: a timer, a promise of its own.
  process.once('uncaughtException', (error) => void explained(error, file));
  evaluateModule(file, text, { env, onFile: (path) => void seen.add(path) }).then(
    ({ value, files }) => answer({ value, files, seen: [...seen] }),
    (error: unknown) => {
      if (!(error instanceof RcsslError)) throw error;
      answer({ diagnostics: error.diagnostics, seen: [...seen] });
    },
  );
});

async function explained(error: unknown, file: string): Promise<void> {
  try {
    (await import('./explain.ts')).explainFailure(error, file, [...seen]);
  } catch (refused) {
    answer({ diagnostics: (refused as RcsslError).diagnostics, seen: [...seen] });
  }
}

function answer(message: Answer): void {
  try {
    parentPort?.postMessage(message);
  } catch {
    parentPort?.postMessage('value' in message ? { ...message, value: passable(message.value) } : message);
  }
}

/** Functions and symbols cannot pass to another thread. Nothing takes a bigint, so that it is refused in their place. */
function passable(value: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return 0n;
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  seen.set(value, copy);
  for (const [key, child] of Object.entries(value)) Object.assign(copy, { [key]: passable(child, seen) });
  return copy;
}
