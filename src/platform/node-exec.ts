import type { SpawnOptions } from 'node:child_process';
import type { Exec } from '../kernel/ports.ts';
import { startAsCaller } from './as-caller.ts';

const OUTPUT_LIMIT = 1024 * 1024;

/** Runs argv without a shell. A program that can't be started rejects with the system's error. */
export const nodeExec: Exec = {
  async run(argv, { cwd, timeout, signal, input, env, noTerminal, asRoot }) {
    // Loaded when it is needed: most runs start no program.
    const { spawn } = await import('node:child_process');
    const [program, ...args] = argv;
    return await new Promise((resolve, reject) => {
      const options: SpawnOptions = {
        cwd,
        timeout,
        signal,
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
      const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
      for (const stream of ['stdout', 'stderr'] as const) {
        let size = 0;
        child[stream]?.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= OUTPUT_LIMIT) output[stream].push(chunk);
        });
      }
      child.once('error', reject);
      child.once('close', (code) =>
        resolve({ code, stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr) }),
      );
    });
  },
};
