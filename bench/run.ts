import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Scratch } from './scratch.ts';

/** What every section works with. */
export interface Bench {
  readonly scratch: Scratch;
  readonly rounds: number;
  readonly signal: AbortSignal;
}

/** The command as users have it, run by the Node that runs this. */
export const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

interface Ran {
  /** From before the process is made until it has ended, in milliseconds. */
  readonly ms: number;
  readonly stdout: string;
}

/** Runs a program to its end. Throws where it fails, with what it said, and the signal's reason once that is aborted. */
export async function run(
  { scratch, signal }: Bench,
  cwd: string,
  [program, ...args]: readonly [string, ...string[]],
): Promise<Ran> {
  signal.throwIfAborted();
  const start = performance.now();
  const child = spawn(program, args, { cwd, env: scratch.env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  try {
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    const ms = performance.now() - start;
    signal.throwIfAborted();
    if (code !== 0) throw new Error(`${[program, ...args].join(' ')}: exit ${code}\n${stderr}`);
    return { ms, stdout };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** `rcssl …` in a project. */
export function rcssl(bench: Bench, cwd: string, ...args: readonly string[]): Promise<Ran> {
  return run(bench, cwd, [process.execPath, BIN, ...args]);
}

/** Says so where an apply would do anything: a number of the wrong thing is worse than none. */
export async function expectNothingToDo(bench: Bench, cwd: string): Promise<void> {
  const { stdout } = await rcssl(bench, cwd, 'plan', '--json');
  const { complete } = JSON.parse(stdout) as { complete?: unknown };
  if (complete !== true) throw new Error(`${cwd}: the plan is not empty\n${stdout.slice(0, 2000)}`);
}
