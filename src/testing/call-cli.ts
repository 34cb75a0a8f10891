import { main } from '../cli/main.ts';
import type { Io } from '../cli/io.ts';
import type { ScratchProject } from './project.ts';

/** What a command line gave. */
export interface Called {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in a scratch project, in this process, as on a pipe of 80 columns. */
export async function callCli({ folder, world }: ScratchProject, argv: readonly string[]): Promise<Called> {
  const said = { out: '', err: '' };
  const io: Io = {
    env: world.env,
    cwd: folder,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    live: false,
    interactive: false,
    errWidth: () => undefined,
    width: () => 80,
    height: () => 24,
    color: { out: false, err: false },
    unicode: true,
  };
  const code = await main(argv, io);
  return { code, ...said };
}
