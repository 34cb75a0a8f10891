import { readFileSync } from 'node:fs';

/** Linux says it in clock ticks since the machine started: field 22 of proc_pid_stat(5), the 20th after the name. */
export function startOf(id: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
