import { delimiter, isAbsolute, join } from 'node:path';
import { ReadFault, type Computer, type EntryKind } from '../kernel/ports.ts';
import { StoreFault, type TrustPorts } from './types.ts';

/** Keychains, keystores and databases answer within seconds; one that is locked never does. */
const TIMEOUT = 60_000;
/** Characters of a failed command's output that are kept: its end, where the reason stands. */
const KEPT = 2000;

/** The end of what a command said, trimmed. */
export function endOf(...outputs: readonly Buffer[]): string {
  return outputs
    .map((output) => output.toString('utf8').trim())
    .filter((text) => text !== '')
    .join('\n')
    .slice(-KEPT);
}

/** The locale in which programs speak English, and Java knows the letters of paths: in `C` it has ASCII alone. */
export function inEnglish({ system }: Pick<Computer, 'system'>): string {
  return system === 'macos' ? 'en_US.UTF-8' : 'C.UTF-8';
}

/** Runs a command that only reads, as the user. Throws `StoreFault` where it cannot be started or exits with another code. */
export async function ask(
  { exec, computer }: TrustPorts,
  argv: readonly string[],
  fine: readonly number[] = [0],
): Promise<{ readonly code: number; readonly text: string }> {
  const of = computer();
  const result = await exec
    // All paths are absolute, and a home need not be there.
    .run(argv, { cwd: '/', timeout: TIMEOUT, noTerminal: true, env: { HOME: of.home, LC_ALL: inEnglish(of) } })
    .catch((error: Error) => {
      throw new StoreFault(argv, error.message);
    });
  if (result.code === null || !fine.includes(result.code)) {
    throw new StoreFault(argv, endOf(result.stdout, result.stderr) || `exit ${result.code ?? 'by a signal'}`);
  }
  return { code: result.code, text: result.stdout.toString('utf8') };
}

/** Where a program is: its name if it is on PATH, else in the first of `also` (folders) that has it; undefined if none does. */
export function findTool(
  { env, files, computer }: Pick<TrustPorts, 'env' | 'files' | 'computer'>,
  name: string,
  also: readonly string[] = [],
): string | undefined {
  const file = computer().system === 'windows' ? `${name}.exe` : name;
  const isThere = (folder: string) => isAbsolute(folder) && isProgram({ files }, join(folder, file));
  if ((env['PATH'] ?? '').split(delimiter).some(isThere)) return name;
  const folder = also.find(isThere);
  return folder === undefined ? undefined : join(folder, file);
}

/** Links are followed: on Debian every Java is one. */
function isProgram({ files }: Pick<TrustPorts, 'files'>, path: string): boolean {
  return kindOf({ files }, path) === 'file';
}

/** A folder, or a link to one. */
export function isFolder({ files }: Pick<TrustPorts, 'files'>, path: string): boolean {
  return kindOf({ files }, path) === 'folder';
}

/** What cannot be looked at counts as not there. */
function kindOf({ files }: Pick<TrustPorts, 'files'>, path: string): EntryKind | undefined {
  try {
    return files.entry(files.realPath(path))?.kind;
  } catch (error) {
    if (error instanceof ReadFault) return undefined;
    throw error;
  }
}
