import { homedir } from 'node:os';
import type { Computer, System } from '../kernel/ports.ts';

const SYSTEMS: Readonly<Record<string, System>> = { darwin: 'macos', win32: 'windows' };

/** `HOME` counts before what the user database says, as in shells; `as-caller.ts` sets it to the caller's under sudo. */
export function thisComputer(env: Readonly<Record<string, string | undefined>>): Computer {
  const isRoot = process.getuid?.() === 0;
  const isActing = isRoot && process.geteuid?.() !== 0;
  return {
    system: SYSTEMS[process.platform] ?? 'linux',
    home: env['HOME'] || homedir(),
    rights: isActing ? 'caller' : isRoot ? 'root' : 'user',
  };
}
