import { Worker } from 'node:worker_threads';

/** Watches the command lines of every process of this machine (Linux): what anybody on it can read. */
export function watchCommandLines(): { stop(): Promise<string[]> } {
  const flag = new SharedArrayBuffer(4);
  // A thread: whoever waits for a program to end may do so with this one's hands tied.
  const worker = new Worker(new URL('./command-lines-worker.ts', import.meta.url), { workerData: flag });
  const seen = new Promise<string[]>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  return {
    stop() {
      const stopped = new Int32Array(flag);
      Atomics.store(stopped, 0, 1);
      Atomics.notify(stopped, 0);
      return seen;
    },
  };
}
