import { hostname } from 'node:os';
import type { World } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { thisMachine } from './machine.ts';
import { nodeDisk } from './node-disk.ts';
import { nodeExec } from './node-exec.ts';
import { nodeFiles } from './node-files.ts';
import { secretsFrom } from './secrets.ts';

export interface WorldOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks for a passphrase on the terminal, twice if it is `fresh`; undefined where nobody can be asked. */
  readonly prompt?: (what: string, fresh: boolean) => Promise<Secret>;
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Every port, on Node. */
export function createWorld({ env, prompt }: WorldOptions): World {
  let machine: ReturnType<typeof thisMachine> | undefined;
  return {
    clock: { now: () => Date.now() },
    files: nodeFiles,
    disk: nodeDisk,
    exec: nodeExec,
    secrets: secretsFrom({ env, files: nodeFiles, exec: nodeExec, prompt }),
    process: { id: process.pid, host: hostname(), isAlive },
    env,
    machine: () => (machine ??= thisMachine(env)),
  };
}
