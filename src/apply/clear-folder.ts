import { join } from 'node:path';
import { isCheckFolder } from '../kernel/check-folder.ts';
import type { World } from '../kernel/ports.ts';

type DiskWorld = Pick<World, 'disk' | 'files'>;

/** A folder with all that is in it, at any depth; links are not followed. What cannot be removed throws the system's error. */
export function clearFolder(world: DiskWorld, folder: string): void {
  const { files, disk } = world;
  if (files.entry(folder)?.kind !== 'folder') {
    if (files.entry(folder)) disk.remove(folder);
    return;
  }
  for (const name of files.list(folder)) {
    const path = join(folder, name);
    if (files.entry(path)?.kind === 'folder') clearFolder(world, path);
    else disk.remove(path);
  }
  disk.removeFolder(folder);
}

/** Copies of keys that a check left behind which was killed, also of a proxy that nothing declares any more. */
export function clearChecks(world: DiskWorld, state: string): void {
  for (const name of world.files.list(state).filter(isCheckFolder)) clearFolder(world, join(state, name));
}
