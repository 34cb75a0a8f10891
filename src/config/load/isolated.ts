import { Worker } from 'node:worker_threads';
import { diagnostic, fail, RcsslError } from '../../diagnostics/diagnostic.ts';
import type { Evaluated, Run } from './evaluate.ts';
import { PATIENCE } from './module.ts';
import type { Answer, Order } from './worker.ts';

/** `dist/load-worker.js` where rcssl is bundled. */
const ENTRY = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './load-worker.js', import.meta.url);

/** A thread that has begun and waits for what to evaluate. */
let spare: Worker | undefined;

/** Begins a thread for the next evaluation: to begin one takes longer than most configurations. */
export function prepareIsolated(): void {
  spare ??= begin();
}

/** Ends a thread that was begun in vain: what had changed was as before when it was looked at. */
export async function dropPrepared(): Promise<void> {
  const unused = spare;
  spare = undefined;
  await unused?.terminate();
}

function begin(): Worker {
  const worker = new Worker(ENTRY, { execArgv: [], stdout: true, stderr: true });
  worker.unref();
  worker.on('error', () => {
    if (spare === worker) spare = undefined;
  });
  return worker;
}

/**
 * Evaluates a module in a thread that is gone afterwards: modules are never evicted, so that whoever reads a
 * configuration all day long would keep every version of it, and of all that it imports. A configuration that never
 * comes back, not even to a timer, is stopped as well.
 */
export async function evaluateIsolated(file: string, text: string, { env, signal, onFile }: Run): Promise<Evaluated> {
  const order: Order = { file, text, env: { ...env } };
  const worker = spare ?? begin();
  spare = undefined;
  worker.ref();
  // What a configuration prints goes where it would go without a thread; the parent's stdout is for results.
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (said: Buffer) => process.stderr.write(said));
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const late = new RcsslError([diagnostic('config-hangs', { seconds: PATIENCE }, { file })]);
  const timer = setTimeout(() => stopped.reject(late), (PATIENCE + 2) * 1000);
  try {
    const answer = await Promise.race([answerOf(worker, order), stopped.promise]);
    answer.seen.forEach((path) => onFile?.(path));
    if ('diagnostics' in answer) throw new RcsslError(answer.diagnostics);
    return { value: answer.value, files: answer.files };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}

function answerOf(worker: Worker, order: Order): Promise<Answer> {
  const { file } = order;
  return new Promise((resolve, reject) => {
    const refuse = (message: string): void => {
      try {
        fail('config-threw', { message }, { file });
      } catch (error) {
        reject(error);
      }
    };
    worker.once('message', resolve);
    worker.once('error', (error: unknown) => refuse(error instanceof Error ? error.message : String(error)));
    worker.postMessage(order);
    worker.once('exit', (code) => refuse(`it ended its thread (${code})`));
  });
}
