import { join } from 'node:path';
import type { World } from '../kernel/ports.ts';

const POLL = 50;
const LIMIT = 4096;

interface Holder {
  readonly pid: number;
  readonly host: string;
}

type LockWorld = Pick<World, 'disk' | 'files' | 'process'>;

function holderOf(world: LockWorld, path: string): Holder | undefined {
  const bytes = world.files.read(path, LIMIT);
  try {
    const { pid, host } = JSON.parse(bytes?.toString('utf8') ?? '') as Partial<Holder>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

async function tryLock(world: LockWorld, path: string): Promise<boolean> {
  const holder: Holder = { pid: world.process.id, host: world.process.host };
  try {
    await world.disk.createFile(
      path,
      { bytes: Buffer.from(JSON.stringify(holder)), mode: 0o600, gid: undefined },
      false,
    );
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Runs while this process alone holds the folders, taken in a fixed order. A lock of a process of this machine that no
 * longer lives is broken. `onWait` is told once who is waited for.
 */
export async function withLocks<T>(
  world: LockWorld,
  folders: readonly string[],
  { signal, onWait }: { readonly signal: AbortSignal | undefined; readonly onWait?: (pid: number) => void },
  run: () => Promise<T>,
): Promise<T> {
  const [folder, ...rest] = [...new Set(folders)].sort();
  if (folder === undefined) return run();
  world.disk.makeFolder(folder, 0o700);
  const path = join(folder, 'lock');
  for (let told = false; !(await tryLock(world, path));) {
    signal?.throwIfAborted();
    const holder = holderOf(world, path);
    if (holder && holder.host === world.process.host && !world.process.isAlive(holder.pid)) {
      world.disk.remove(path);
      continue;
    }
    if (!told && holder) onWait?.(holder.pid);
    told ||= holder !== undefined;
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  try {
    return await withLocks(world, rest, { signal, ...(onWait ? { onWait } : {}) }, run);
  } finally {
    world.disk.remove(path);
  }
}
