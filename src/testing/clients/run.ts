import { spawn } from 'node:child_process';

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TIMEOUT = 60_000;

/** Runs a program without standard input, for `timeout` milliseconds at most. Rejects only where it cannot be started. */
export function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  timeout: number = TIMEOUT,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
      timeout,
      killSignal: 'SIGKILL',
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

/** The last line that says something. */
export function lastLine({ stdout, stderr }: Output): string {
  return `${stdout}\n${stderr}`.trim().split('\n').at(-1) ?? '';
}
