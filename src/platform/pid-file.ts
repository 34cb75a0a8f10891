import { readFileSync, statSync } from 'node:fs';
import { startOf } from './process-start.ts';

/** Of a kernel whose user-space clock ticks 100 times a second, as it does on every common Linux (USER_HZ). */
const TICK = 10;
/** A start is known to the tick, and a file system may stamp a file a little late or early. */
const SLACK = 2000;

/**
 * Whether the process of this id is the one that wrote the file. A server that was killed leaves its file behind, and the
 * id is used again: the process is another one if it goes by no name of `programs` and was started after the file was
 * written. Where that cannot be told (not Linux) it is taken to be the one.
 */
export function isOfPidFile(pid: number, pidFile: string, programs: readonly string[]): boolean {
  const name = nameOf(pid);
  if (name !== undefined && programs.some((program) => program.slice(0, NAME_LENGTH) === name)) return true;
  const started = startedAt(pid);
  return started === undefined || started <= statSync(pidFile).mtimeMs + SLACK;
}

/** proc_pid_comm(5): the first 15 characters. */
const NAME_LENGTH = 15;

function nameOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Milliseconds since the epoch. */
function startedAt(pid: number): number | undefined {
  const ticks = Number(startOf(pid));
  try {
    const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
    return Number.isFinite(ticks) ? Date.now() - uptime + ticks * TICK : undefined;
  } catch {
    return undefined;
  }
}
