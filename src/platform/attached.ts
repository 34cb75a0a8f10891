import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { spawn } from 'node:child_process';

/** What a terminal sends to everybody in its foreground, so to the program too. */
const OF_TERMINAL: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const PASSED_ON: readonly NodeJS.Signals[] = [...OF_TERMINAL, 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/**
 * Runs a program in the place of this process: with its input, output and terminal, and every signal that this one gets.
 * Gives its exit code, 128+n where a signal ended it. Rejects with the system's error where it cannot be started.
 */
export function runAttached(
  [program = '', ...args]: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
    const isTold = hasTerminal();
    const listeners = PASSED_ON.map((name) => {
      // To send Ctrl-C once more would mean twice, which many programs take for "at once".
      const pass = (): void => void ((isTold && OF_TERMINAL.includes(name)) || child.kill(name));
      process.on(name, pass);
      return { name, pass };
    });
    const settle = (): void => {
      for (const { name, pass } of listeners) process.off(name, pass);
    };
    child.once('error', (error) => {
      settle();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      settle();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/** A terminal controls this process, whatever its input and output are: only then can /dev/tty be opened. */
function hasTerminal(): boolean {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
