import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Exec, ExecResult } from '../kernel/ports.ts';
import { startAsCaller } from './as-caller.ts';

const OUTPUT_LIMIT = 1024 * 1024;
/** From a polite end to one by force, and from the end of a program to that of its output, which others may hold open. */
const GRACE = 2000;

/** Runs argv without a shell. A program that can't be started rejects with the system's error, a stopped one with the reason. */
export const nodeExec: Exec = {
  async run(argv, { cwd, timeout, signal, input, env, noTerminal, asRoot }) {
    signal?.throwIfAborted();
    // Loaded when it is needed: most runs start no program.
    const { spawn } = await import('node:child_process');
    const [program, ...args] = argv;
    const options: SpawnOptions = {
      cwd,
      env: { ...process.env, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // setsid(2); Windows would open a console for it.
      detached: noTerminal === true && process.platform !== 'win32',
    };
    const start = (ids: { readonly uid?: number; readonly gid?: number }) =>
      spawn(program ?? '', args, { ...ids, ...options });
    const child = asRoot ? start({ uid: 0, gid: 0 }) : startAsCaller(start);
    // A program may end without reading it all (EPIPE); its exit code says why.
    child.stdin?.on('error', () => {}).end(input);
    return ended(child, { timeout, signal, isGroup: options.detached === true });
  },
};

function ended(
  child: ChildProcess,
  how: { readonly timeout: number; readonly signal: AbortSignal | undefined; readonly isGroup: boolean },
): Promise<ExecResult> {
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  for (const stream of ['stdout', 'stderr'] as const) {
    let size = 0;
    child[stream]?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= OUTPUT_LIMIT) output[stream].push(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    const timers: NodeJS.Timeout[] = [];
    const after = (time: number, act: () => void) => void timers.push(setTimeout(act, time));
    const end = (): void => {
      kill(child, 'SIGTERM', how.isGroup);
      after(GRACE, () => kill(child, 'SIGKILL', how.isGroup));
    };
    const finish = (settle: () => void): void => {
      for (const timer of timers) clearTimeout(timer);
      how.signal?.removeEventListener('abort', end);
      settle();
    };
    const done = (code: number | null): void =>
      finish(() => {
        if (how.signal?.aborted && code === null) return reject(how.signal.reason as Error);
        resolve({ code, stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr) });
      });
    after(how.timeout, end);
    how.signal?.addEventListener('abort', end);
    child.once('error', (error) => finish(() => reject(error)));
    child.once('close', done);
    // What it has started may have its output, and live on.
    child.once('exit', (code) =>
      after(GRACE, () => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        done(code);
      }),
    );
  });
}

/** With whatever it has started, where it leads a group of its own. */
function kill({ pid }: ChildProcess, signal: NodeJS.Signals, isGroup: boolean): void {
  if (pid === undefined) return;
  try {
    process.kill(isGroup ? -pid : pid, signal);
  } catch {
    // It has ended.
  }
}
