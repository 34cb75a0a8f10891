import { hostname } from 'node:os';
import type { World } from '../kernel/ports.ts';
import type { Secret } from '../kernel/secret.ts';
import { thisComputer } from './computer.ts';
import { thisMachine } from './machine.ts';
import { nodeDisk } from './node-disk.ts';
import { nodeExec } from './node-exec.ts';
import { nodeFiles } from './node-files.ts';
import { startOf } from './process-start.ts';
import { secretsFrom } from './secrets.ts';

export interface WorldOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Asks for a passphrase on the terminal, twice if it is `fresh`; undefined where nobody can be asked. */
  readonly prompt?: (what: string, fresh: boolean) => Promise<Secret>;
  /** Somebody is there to be asked; yes unless said otherwise. */
  readonly canAsk?: () => boolean;
}

function isAlive(id: number, start?: string): boolean {
  try {
    process.kill(id, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return start === undefined || (startOf(id) ?? start) === start;
}

/** Every port, on Node. */
export function createWorld({ env, prompt, canAsk = () => true }: WorldOptions): World {
  let machine: ReturnType<typeof thisMachine> | undefined;
  return {
    clock: { now: () => Date.now() },
    files: nodeFiles,
    disk: nodeDisk,
    exec: nodeExec,
    secrets: secretsFrom({ env, files: nodeFiles, exec: nodeExec, prompt, canAsk }),
    hooks: async () => (await import('./node-hooks.ts')).nodeHooks,
    process: { id: process.pid, host: hostname(), start: startOf(process.pid), isAlive },
    env,
    machine: () => (machine ??= thisMachine(env)),
    computer: () => thisComputer(env),
    systemRoots: async () => (await import('./system-roots.ts')).systemRoots(),
  };
}
