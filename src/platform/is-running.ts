import { lstatSync } from 'node:fs';
import { connect } from 'node:net';

/**
 * A file that is there while a server runs. One that was killed leaves its socket behind, which nobody listens at then.
 */
export async function isRunning(path: string): Promise<boolean> {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry?.isSocket()) return entry !== undefined;
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
