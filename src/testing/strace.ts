import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from './built.ts';
import { environment, run, type Ran } from './transcript.ts';

/** A system call that writes: the how manieth of its kind on a path. */
export interface Site {
  readonly call: string;
  /** Absolute. */
  readonly path: string;
  /** From 1. */
  readonly nth: number;
}

const CALLS = 'openat write writev pwrite64 fsync fdatasync ftruncate fchmod chmod fchown chown rename renameat2'
  .concat(' unlink unlinkat rmdir mkdir link symlink')
  .split(' ');

/** Why nothing can be traced here: a container may forbid it. Undefined where it can. */
export function tracingRefused(): string | undefined {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', 'true'], { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.trim().split('\n')[0]);
}

/** An apply that takes so long hangs. */
const TIMEOUT = 60_000;

/** Runs the built command in a project under strace(1). Names and threads are the same in every run. */
function traced(folder: string, options: readonly string[], args: readonly string[]): Promise<Ran> {
  const strace = ['strace', '-f', '-qq', ...options];
  // Of the calls of V8's own threads every one would be stopped at.
  const node = [
    process.execPath,
    '--v8-pool-size=0',
    '--import',
    join(import.meta.dirname, '../../scripts/same-ids.mjs'),
    bin,
    ...args,
  ];
  // One thread waits for the disk, since strace counts calls for each thread.
  const env = { ...environment(folder), UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' };
  return run([...strace, ...node], { cwd: folder, env, timeout: TIMEOUT });
}

/** Every call of a run that writes below a folder; the same order in another folder, whatever threads did. */
export async function writeSites(folder: string, args: readonly string[], base: string): Promise<Site[]> {
  const file = join(base, 'trace');
  const options = ['-y', '-s', '0', '-o', file, '-e', `trace=${CALLS.join(',')}`];
  const { code, stderr } = await traced(folder, options, args);
  if (code !== 0) throw new Error(`the traced run ended with ${code}: ${stderr}`);
  const seen = new Map<string, number>();
  const sites = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line): Site[] => {
      const [, call = '', rest = ''] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
      // Of an open file `-y` says the path; of the folder that names are relative to as well, which is none of ours.
      const path = /^\d+<([^>]*)>/.exec(rest)?.[1] ?? /"([^"]*)"/.exec(rest)?.[1] ?? '';
      if (![`${base}/project/`, `${base}/data/`].some((ours) => path.startsWith(ours)) || path.includes('rcssl.config'))
        return [];
      const nth = (seen.get(`${call} ${path}`) ?? 0) + 1;
      seen.set(`${call} ${path}`, nth);
      return isWrite(call, rest) ? [{ call, path, nth }] : [];
    });
  return sites.sort((a, b) => (roleOf(a, base) < roleOf(b, base) ? -1 : 1));
}

/** A folder of the archive is named by the day and its content. */
const ARCHIVED = /(?<=[\\/]archive[\\/])(\d{4}-\d\d-\d\d)(-[0-9a-f]{6})/;

/** What a site is in any folder and on any day. */
export function roleOf({ call, path, nth }: Site, base: string): string {
  return `${path.slice(base.length).replace(ARCHIVED, '')} ${call} ${nth}`;
}

/** A folder that is opened as a file is, is opened to be synced. */
function isWrite(call: string, rest: string): boolean {
  return call !== 'openat' || rest.includes('O_CREAT') || /O_RDONLY\|O_CLOEXEC[ )]/.test(rest);
}

/**
 * Runs the built command with one call failing, or with the process killed as it begins the call; throws where the fault
 * did not come about.
 */
export async function runWithFault(folder: string, args: readonly string[], site: Site, fault: string): Promise<Ran> {
  const { call, nth } = site;
  const path = site.path.replace(ARCHIVED, `${new Date().toISOString().slice(0, 10)}$2`);
  const isKill = fault === 'SIGKILL';
  const file = join(folder, '../trace');
  // A filter in the kernel makes calls cheap that are not asked for, but strace 6.1 delivers no signals with it.
  const how = isKill ? 'signal=SIGKILL' : `error=${fault}`;
  const options = ['-P', path, '-e', `trace=${call}`, '-e', `inject=${call}:${how}:when=${nth}`, '-o', file];
  const ran = await traced(folder, isKill ? options : ['--seccomp-bpf', ...options], args);
  if ((ran.code === undefined) !== isKill) throw new Error(`ended with ${ran.code}`);
  if (!isKill && !readFileSync(file, 'utf8').includes('(INJECTED)')) throw new Error('no call has failed');
  return ran;
}
