import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';

export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly cpu: string;
  /** The load of the last minute before the run: what else was at work would be in the numbers. */
  readonly load: number;
}

export function thisMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    load: loadavg()[0] ?? 0,
  };
}

/** The number in what a program says of its version; undefined where it is not installed. */
export function versionOf(program: string, flag: string): string | undefined {
  const { status, stdout } = spawnSync(program, [flag], { encoding: 'utf8' });
  return status === 0 ? (/\d[\w.]*/.exec(stdout)?.[0] ?? 'of unknown version') : undefined;
}
