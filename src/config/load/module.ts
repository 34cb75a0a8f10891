import { diagnostic, fail, RcsslError } from '../../diagnostics/diagnostic.ts';
import type { Evaluated, Run } from './evaluate.ts';
import { freshImport } from './fresh-import.ts';

/** Time for a promise in a configuration to settle: one that never does would end the process without a word. */
export const PATIENCE = 30;

type Env = Run['env'];

/** Runs a TypeScript or JavaScript configuration. What it throws becomes a diagnostic, with the place and without a stack. */
export async function evaluateModule(file: string, text: string, { env, signal, onFile }: Run): Promise<Evaluated> {
  const { run, files, done } = freshImport(file, text, onFile);
  const calm = calmProcess();
  try {
    return {
      value: await withPatience(
        file,
        run().then((module) => settle(file, module, env)),
        signal,
      ),
      files,
    };
  } catch (error) {
    signal?.throwIfAborted();
    const { explainFailure } = await import('./explain.ts');
    return explainFailure(error, file, files);
  } finally {
    calm();
    done();
  }
}

/**
 * Stdout is what programs read: what a configuration prints goes to stderr. One that ends the process would end a check
 * without a word, and with 0. Gives back the way to undo it.
 */
function calmProcess(): () => void {
  const { stdout, stderr, exit } = process;
  const { write } = stdout;
  stdout.write = stderr.write.bind(stderr) as typeof write;
  process.exit = (code) => {
    throw new Error(`process.exit(${code ?? ''}) in a configuration`);
  };
  return () => {
    stdout.write = write;
    process.exit = exit;
  };
}

async function settle(file: string, module: Readonly<Record<string, unknown>>, env: Env): Promise<unknown> {
  const exported = await defaultOf(module);
  if (exported === undefined || exported === null) {
    const named = Object.keys(module).filter((name) => name !== 'default' && name !== 'module.exports');
    fail('config-no-export', { named }, { file });
  }
  return typeof exported === 'function'
    ? await (exported as (context: { env: Env }) => unknown)({ env: { ...env } })
    : exported;
}

/** CommonJS that was compiled from ES modules has its default export one step deeper. */
function defaultOf(module: Readonly<Record<string, unknown>>): unknown {
  const exported = module['default'];
  const compiled =
    typeof exported === 'object' && exported !== null && '__esModule' in exported && 'default' in exported;
  return compiled ? exported.default : exported;
}

function withPatience<T>(file: string, work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const { promise: end, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  // Not AbortSignal.timeout: its timer does not keep the process alive, which would end without a word.
  const timer = setTimeout(
    () => reject(new RcsslError([diagnostic('config-hangs', { seconds: PATIENCE }, { file })])),
    PATIENCE * 1000,
  );
  return Promise.race([work, end]).finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  });
}
