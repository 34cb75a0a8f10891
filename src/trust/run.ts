import { dirname } from 'node:path';
import type { Computer, World } from '../kernel/ports.ts';
import { endOf, inEnglish } from './ask.ts';
import { StoreFault, type Needs, type Step, type TrustPorts } from './types.ts';

const TIMEOUT = 2 * 60_000;
/** Somebody reads a window of the system, or types a password for sudo. */
const PATIENCE = 10 * 60_000;

/** A step as screens, JSON and scripts show it. */
export interface ShownCommand {
  readonly argv: readonly string[];
  readonly needs: Needs;
}

/** With `sudo` where it will run with it; a file of the user's own is written without a command. */
export function commandOf(step: Step, { system, rights }: Pick<Computer, 'system' | 'rights'>): ShownCommand {
  if (step.do === 'write') return { argv: ['write', step.path], needs: 'nothing' };
  if (step.do === 'remove') return { argv: ['rm', '-f', step.path], needs: 'nothing' };
  const sudo = step.needs === 'root' && rights === 'user' && system !== 'windows';
  return { argv: sudo ? ['sudo', ...step.argv] : step.argv, needs: step.needs };
}

export interface RunOptions {
  /** Sudo may ask for a password. */
  readonly canAsk: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Carries the steps of a place out, one after the other, until one fails: what was begun is finished, since half of it is
 * neither trusted nor untrusted. The only code of this folder that changes anything. Throws `StoreFault`.
 */
export async function runSteps(
  ports: TrustPorts & Pick<World, 'disk'>,
  steps: readonly Step[],
  options: RunOptions,
): Promise<void> {
  for (const step of steps) {
    if (step.do === 'run') await runCommand(ports, step, options);
    else await changeFile(ports, step);
  }
}

async function runCommand(
  { exec, computer }: TrustPorts,
  { argv, needs, input, fine = [] }: Step & { readonly do: 'run' },
  { canAsk, signal }: RunOptions,
): Promise<void> {
  const of = computer();
  const { system, home, rights } = of;
  const asks = needs === 'root' && rights === 'user' && system !== 'windows';
  // Sudo reads a password from the terminal itself; `-n`: it fails instead of waiting for one that nobody types.
  const full = asks ? ['sudo', ...(canAsk ? [] : ['-n']), ...argv] : argv;
  const result = await exec
    .run(full, {
      cwd: '/',
      timeout: needs === 'dialog' || asks ? PATIENCE : TIMEOUT,
      env: { LC_ALL: inEnglish(of), ...(needs === 'root' ? {} : { HOME: home }) },
      // certutil asks for the password of a database, where there is one, on whatever terminal it finds. Sudo does not,
      // by `-n`, and remembers a password by the terminal that it was typed on. What runs as root by itself asks nothing, and
      // Ctrl-C is not for it.
      noTerminal: !asks && (!canAsk || needs === 'root'),
      // Where somebody is asked something, nobody may be there any more.
      ...(signal && (asks || needs === 'dialog') && { signal }),
      ...(input !== undefined && { input }),
      ...(needs === 'root' && rights === 'caller' && { asRoot: true }),
    })
    .catch((error: Error) => {
      throw signal?.aborted ? new StoreFault([], 'stopped') : new StoreFault(full, error.message);
    });
  if (result.code !== null && [0, ...fine].includes(result.code)) return;
  throw new StoreFault(full, endOf(result.stdout, result.stderr) || `exit ${result.code ?? 'by a signal'}`);
}

/** The old file or the new one, whenever somebody reads it. */
async function changeFile({ disk }: Pick<World, 'disk'>, step: Exclude<Step, { readonly do: 'run' }>): Promise<void> {
  try {
    if (step.do === 'remove') return disk.remove(step.path);
    const draft = `${step.path}.new`;
    disk.makeFolder(dirname(step.path), 0o700);
    disk.remove(draft);
    await disk.createFile(draft, { bytes: Buffer.from(step.text, 'latin1'), mode: step.mode, gid: undefined }, true);
    disk.rename(draft, step.path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new StoreFault([step.do, step.path], error.message);
    throw error;
  }
}
