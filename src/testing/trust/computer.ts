import { join } from 'node:path';
import type { Computer, Entry, ExecResult } from '../../kernel/ports.ts';
import type { TrustPorts } from '../../trust/types.ts';

/** A computer that is only described: files with their text, programs with what they print. */
export interface Described {
  readonly system?: Computer['system'];
  readonly rights?: Computer['rights'];
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Absolute path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** By the whole command line: its exit code and what it prints. Others exit 1 in silence. */
  readonly answers?: Readonly<Record<string, readonly [code: number, stdout: string]>>;
}

/** The ports of such a computer, and the command lines that were run on it. */
export function describedComputer(of: Described): { readonly ports: TrustPorts; readonly ran: string[] } {
  const { system = 'linux', rights = 'user', home = '/home/ada', env = {}, files = {}, answers = {} } = of;
  const ran: string[] = [];
  const isFolder = (path: string) => Object.keys(files).some((file) => file.startsWith(`${path}/`));
  const entry = (path: string): Entry | undefined => {
    const kind = path in files ? 'file' : isFolder(path) ? 'folder' : undefined;
    return kind && { kind, identity: path, size: 0, mode: 0o644, uid: 0, gid: 0, changed: 0 };
  };
  const below = (folder: string) => Object.keys(files).filter((file) => file.startsWith(`${folder}/`));
  const ports: TrustPorts = {
    files: {
      entry,
      read: (path) => (path in files ? Buffer.from(files[path] ?? '') : undefined),
      list: (folder) => [...new Set(below(folder).map((file) => file.slice(folder.length + 1).split('/', 1)[0] ?? ''))],
      readLink: () => undefined,
      realPath: (path) => path,
    },
    exec: {
      run: (argv): Promise<ExecResult> => {
        const line = argv.join(' ');
        ran.push(line);
        const [code, stdout] = answers[line] ?? [1, ''];
        return Promise.resolve({ code, stdout: Buffer.from(stdout), stderr: Buffer.alloc(0) });
      },
    },
    env: { PATH: '/usr/bin', ...env },
    computer: () => ({ system, home, rights }),
    machine: () => ({ addresses: [], localName: undefined, dataFolder: join(home, '.local/share/rcssl') }),
    systemRoots: () => Promise.resolve([]),
  };
  return { ports, ran };
}
