import { randomBytes } from 'node:crypto';
import { fail } from '../diagnostics/diagnostic.ts';
import { writeFault } from './write-fault.ts';
import { lockPath } from '../inventory/state.ts';
import type { World } from '../kernel/ports.ts';

const POLL = 50;
const LIMIT = 4096;
/** A lock is written in one go; one that says nothing for so long was torn by a crash. */
const TORN_FOR = 10_000;

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Of this one lock. */
  readonly token?: string;
  readonly start?: string | undefined;
}

type LockWorld = Pick<World, 'disk' | 'files' | 'process'>;

export interface LockOptions {
  readonly signal: AbortSignal | undefined;
  /** Told once a lock who is waited for; on another host, it is for a person to say whether that one still lives. */
  readonly onWait?: ((pid: number, lock: { readonly host: string; readonly path: string }) => void) | undefined;
  /** A lock that is held is an error at once: `lock-held`. */
  readonly noWait?: boolean | undefined;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, POLL));

function holderOf(world: LockWorld, path: string): Holder | 'none' | 'torn' {
  const bytes = world.files.read(path, LIMIT);
  if (!bytes) return 'none';
  try {
    const holder = JSON.parse(bytes.toString('utf8')) as Holder;
    return typeof holder.pid === 'number' && typeof holder.host === 'string' ? holder : 'torn';
  } catch {
    return 'torn';
  }
}

/** Its process lives no longer. A container often starts again with the same host name and the same process ids. */
function isLeft({ process }: LockWorld, { pid, host, start }: Holder): boolean {
  if (host !== process.host) return false;
  return pid === process.id ? start !== process.start : !process.isAlive(pid, start);
}

/** Somebody was killed at work in a folder. */
export function isLockLeft(world: LockWorld, folder: string): boolean {
  const holder = holderOf(world, lockPath(folder));
  return holder === 'torn' || (holder !== 'none' && isLeft(world, holder));
}

async function create(world: LockWorld, path: string, mine: Holder): Promise<boolean> {
  try {
    await world.disk.createFile(path, { bytes: Buffer.from(JSON.stringify(mine)), mode: 0o600, gid: undefined }, false);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    // An error of write on the open file does not say whose it is.
    return writeFault(path, error);
  }
}

function release(world: LockWorld, path: string, { token }: Holder): void {
  const holder = holderOf(world, path);
  if (typeof holder === 'object' && holder.token === token) world.disk.remove(path);
}

/**
 * One try. A lock that was left is taken away under a lock of its own and judged again there: of two that found it at
 * once, the second would else take away the new lock of the first.
 */
async function tryLock(world: LockWorld, path: string, mine: Holder, signal?: AbortSignal): Promise<boolean> {
  if (await create(world, path, mine)) return true;
  const seen = holderOf(world, path);
  if (seen === 'none' || (seen !== 'torn' && !isLeft(world, seen))) return false;
  const breaking = `${path}.break`;
  if (!(await tryLock(world, breaking, mine, signal))) return false;
  try {
    if (await mayBreak(world, path, signal)) world.disk.remove(path);
    return await create(world, path, mine);
  } finally {
    release(world, breaking, mine);
  }
}

async function mayBreak(world: LockWorld, path: string, signal: AbortSignal | undefined): Promise<boolean> {
  for (let waited = 0; waited < TORN_FOR; waited += POLL) {
    const holder = holderOf(world, path);
    if (holder !== 'torn') return holder !== 'none' && isLeft(world, holder);
    signal?.throwIfAborted();
    await pause();
  }
  return true;
}

/**
 * Runs while this process alone holds the folders, taken in a fixed order. A lock of a process of this machine that no
 * longer lives is broken.
 */
export async function withLocks<T>(
  world: LockWorld,
  folders: readonly string[],
  options: LockOptions,
  run: () => Promise<T>,
): Promise<T> {
  const [folder, ...rest] = [...new Set(folders)].sort();
  if (folder === undefined) return run();
  world.disk.makeFolder(folder, 0o700);
  const path = lockPath(folder);
  const { id: pid, host, start } = world.process;
  const mine: Holder = { pid, host, token: randomBytes(8).toString('hex'), start };
  for (let told = false; !(await tryLock(world, path, mine, options.signal));) {
    options.signal?.throwIfAborted();
    const holder = holderOf(world, path);
    if (options.noWait && typeof holder === 'object') {
      fail('lock-held', { pid: holder.pid, host: holder.host }, { file: path });
    }
    if (!told && typeof holder === 'object') {
      options.onWait?.(holder.pid, { host: holder.host, path });
      told = true;
    }
    await pause();
  }
  try {
    return await withLocks(world, rest, options, run);
  } finally {
    release(world, path, mine);
  }
}
