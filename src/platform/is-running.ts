import { lstatSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * A file that is there while a server runs. One that was killed leaves it behind: a socket that nobody listens at, or the id of
 * a process that is no more.
 */
export async function isRunning(path: string): Promise<boolean> {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry?.isSocket()) return entry !== undefined && (!entry.isFile() || isAlive(path));
  return new Promise((resolve) => {
    const socket = connect(path);
    const tell = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => tell(true));
    // Whatever else keeps it from answering is for the reload itself to say.
    socket.once('error', (error: NodeJS.ErrnoException) =>
      tell(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

/** False where the file holds the id of a process that has ended; what it says otherwise is for the reload to judge. */
function isAlive(path: string): boolean {
  try {
    const id = Number(readFileSync(path, 'utf8').slice(0, 32).trim());
    if (!Number.isSafeInteger(id) || id <= 0) return true;
    process.kill(id, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
