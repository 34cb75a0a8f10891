import { userInfo } from 'node:os';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Under sudo the process lays its rights down, for good, in favour of the one who called it, whose home is then the one
 * that counts: whatever it writes is that user's. It stays able to start programs as root (`Exec`'s `asRoot`), since only
 * its effective ids change. Gives the environment to go on with; anywhere else it does nothing.
 */
export function actAsCaller(env: Env): Env {
  const [uid, gid] = [idIn(env['SUDO_UID']), idIn(env['SUDO_GID'])];
  if (process.getuid?.() !== 0 || uid === undefined || gid === undefined) return env;
  if (process.geteuid?.() === 0) {
    const name = env['SUDO_USER'];
    // Not in @types/node; docs: process.initgroups(user, extraGroup).
    const { initgroups } = process as { initgroups?: (user: string, gid: number) => void };
    if (name !== undefined) initgroups?.(name, gid);
    process.setegid?.(gid);
    process.seteuid?.(uid);
  }
  return { ...env, HOME: userInfo().homedir };
}

/**
 * Starts a child that is the caller's wholly: with root as its real id it could make itself root again. `start` gets the
 * ids to give it, and is called with the rights that giving them takes; it must not wait for anything.
 */
export function startAsCaller<T>(start: (ids: { readonly uid?: number; readonly gid?: number }) => T): T {
  const [uid, gid] = [process.geteuid?.(), process.getegid?.()];
  if (process.getuid?.() !== 0 || uid === undefined || uid === 0) return start({});
  process.seteuid?.(0);
  try {
    return start({ uid, ...(gid !== undefined && { gid }) });
  } finally {
    process.seteuid?.(uid);
  }
}

/** Root that called sudo stays root. */
function idIn(text: string | undefined): number | undefined {
  const id = Number(text);
  return text !== undefined && Number.isInteger(id) && id > 0 ? id : undefined;
}
