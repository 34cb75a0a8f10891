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

/** Root that called sudo stays root. */
function idIn(text: string | undefined): number | undefined {
  const id = Number(text);
  return text !== undefined && Number.isInteger(id) && id > 0 ? id : undefined;
}
