/** Numbers of signal(7); the same on Linux, macOS and, as libuv maps them, Windows. */
const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
export type SignalName = keyof typeof NUMBERS;
export const SIGNALS = Object.keys(NUMBERS) as readonly SignalName[];

const SHOW_CURSOR = '\u001B[?25h';

/** Why a run was stopped; the signal's number decides the exit code. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(name: SignalName) {
    super(`stopped by ${name}`);
    this.name = 'Interrupted';
    this.exitCode = 128 + NUMBERS[name];
  }
}

/**
 * Runs with a signal that aborts on the first SIGINT, SIGTERM or SIGHUP: what was begun is finished or undone in order.
 * The second one ends the process at once, for a user who does not want to wait: by the signal itself, since an exit
 * would wait for keys that are being made. `others` mean something else to it.
 */
export async function interruptible(
  run: (signal: AbortSignal) => Promise<number>,
  others: readonly SignalName[] = [],
): Promise<number> {
  const controller = new AbortController();
  const names = SIGNALS.filter((name) => !others.includes(name));
  const listeners = names.map((name) => {
    const listener = (): void => {
      const reason = new Interrupted(name);
      if (!controller.signal.aborted) return controller.abort(reason);
      restoreTerminal();
      process.off(name, listener);
      process.kill(process.pid, name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  try {
    const code = await run(controller.signal);
    return controller.signal.reason instanceof Interrupted ? controller.signal.reason.exitCode : code;
  } catch (error) {
    // What fails because of the signal is no failure of its own.
    throw controller.signal.reason instanceof Interrupted ? controller.signal.reason : error;
  } finally {
    for (const { name, listener } of listeners) process.off(name, listener);
    if (controller.signal.aborted) restoreTerminal();
  }
}

function restoreTerminal(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  if (process.stdout.isTTY) process.stdout.write(SHOW_CURSOR);
}
