import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { holdsKey } from '../inventory/holds-key.ts';
import { artifactsOf } from '../inventory/inventory.ts';
import type { Inventory } from '../inventory/types.ts';
import { isVersion, versionPath } from '../inventory/version.ts';
import { formatMode } from '../kernel/mode.ts';
import type { Exec, Files, World } from '../kernel/ports.ts';
import { type Project } from './project.ts';
import { pathFrom } from '../kernel/path.ts';

/** Folders that dev servers and static hosts publish as they are. */
const SERVED = new Set(['public', 'static', 'dist', 'www', 'htdocs', 'wwwroot']);
const TIMEOUT = 10_000;
/** Characters of paths on one command line; Windows allows 32,767 for all of it. */
const LINE = 24_000;

/**
 * Private keys that would leave the machine: tracked by git, not ignored by it, or in a folder that is served; and with
 * an inventory those that others can read. Errors, each with its fix. A key is judged where it really lies, by the
 * repository that it lies in. No git and no repository are fine; a git that cannot answer is a warning.
 */
export async function leaks(world: World, project: Project, inventory?: Inventory): Promise<Diagnostic[]> {
  const { config, desired } = project;
  const root = world.files.realPath(config.root);
  const repositoryOf = repositoryFinder(world.files);
  const served: Diagnostic[] = [];
  const repositories = new Map<string, string[]>();
  for (const { artifact, path, link } of artifactsOf(desired)) {
    if (!holdsKey(artifact)) continue;
    const key = world.files.realPath(link !== undefined && !world.files.entry(link) ? firstVersion(link, path) : path);
    const repository = repositoryOf(dirname(key));
    if (repository !== undefined) {
      repositories.set(repository, repositories.get(repository) ?? []);
      repositories.get(repository)?.push(key);
    }
    // From the configuration's folder where it can be: many monorepos have an apps/www that nobody publishes as it is.
    const folders = foldersBelow(root, key) ?? (repository === undefined ? [] : foldersBelow(repository, key));
    if (folders?.some((folder) => SERVED.has(folder))) {
      served.push(diagnostic('key-served', { path: pathFrom(root, key) }));
    }
  }
  const found: Diagnostic[] = [];
  for (const [repository, keys] of repositories) found.push(...(await judge(world.exec, root, repository, keys)));
  return [...found, ...served, ...(inventory ? readableKeys(project, inventory) : [])];
}

/** Keys with rights for the group or for all that the configuration does not give. */
function readableKeys({ config, desired }: Project, { files }: Inventory): Diagnostic[] {
  return artifactsOf(desired).flatMap(({ artifact, path, owner, mode: declared }): Diagnostic[] => {
    const file = files.get(path);
    if (!holdsKey(artifact) || file?.state !== 'file' || file.mode === undefined) return [];
    if (!['key', 'combined'].includes(file.content.type) || (file.mode & 0o077 & ~declared) === 0) return [];
    const [mode, fix] = [formatMode(file.mode), `chmod ${formatMode(declared)}`];
    return [diagnostic('key-readable', { path: pathFrom(config.root, path), mode, fix, owner })];
  });
}

/** The nearest folder with a `.git`, a folder or a file as worktrees and submodules have it. Git then says what it is. */
function repositoryFinder({ entry }: Files): (folder: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  const hasGit = (folder: string): boolean => {
    try {
      return entry(join(folder, '.git')) !== undefined;
    } catch {
      return false; // git cannot look there either
    }
  };
  return function find(folder): string | undefined {
    if (known.has(folder)) return known.get(folder);
    const above = dirname(folder);
    const found = hasGit(folder) ? folder : above === folder ? undefined : find(above);
    known.set(folder, found);
    return found;
  };
}

/** The folders from one down to a file in it; undefined if it lies elsewhere. */
function foldersBelow(folder: string, file: string): string[] | undefined {
  const way = relative(folder, file);
  const parts = way.split(sep);
  return isAbsolute(way) || parts[0] === '..' ? undefined : parts.slice(0, -1);
}

/** What git says of these keys, all in one repository. */
async function judge(exec: Exec, root: string, repository: string, keys: string[]): Promise<Diagnostic[]> {
  const inside = (key: string) => relative(repository, key).split(sep).join('/');
  const paths = keys.map(inside);
  // Without the index, which it would search once a path. Exits 1 if it ignores none.
  const ignore = ['check-ignore', '-z', '--stdin', '--no-index'];
  const ignored = await ask(exec, repository, ignore, [0, 1], paths.join('\0'));
  if (!(ignored instanceof Set)) return ignored;
  const tracked = new Set<string>();
  for (const some of lines(paths)) {
    // ls-files takes no paths from stdin; a folder's whole list could be of any length.
    const answer = await ask(exec, repository, ['ls-files', '-z', '--', ...some]);
    if (!(answer instanceof Set)) return answer;
    for (const path of answer) tracked.add(path);
  }
  return keys.flatMap((key): Diagnostic[] => {
    const path = anyVersion(pathFrom(root, key));
    if (tracked.has(inside(key))) return [diagnostic('key-tracked', { path })];
    if (ignored.has(inside(key))) return [];
    const file = pathFrom(root, join(repository, '.gitignore'));
    return [diagnostic('key-not-ignored', { path, file, line: `/${anyVersion(inside(key))}` })];
  });
}

/** Where layout `atomic` will have a key. */
function firstVersion(link: string, path: string): string {
  return join(versionPath(link, '0'.repeat(12)), basename(path));
}

/** … and tomorrow in another folder. */
function anyVersion(path: string): string {
  return path
    .split('/')
    .map((name) => (isVersion(name) ? name.replace(/[0-9a-f]{12}$/, '*') : name))
    .join('/');
}

function lines(paths: readonly string[]): string[][] {
  const made: string[][] = [[]];
  let room = LINE;
  for (const path of paths) {
    const length = path.length + ' ""'.length;
    room -= length;
    if (room < 0) {
      made.push([]);
      room = LINE - length;
    }
    made.at(-1)?.push(path);
  }
  return made;
}

/** The paths that git answers with, or what is to be said instead. */
async function ask(
  exec: Exec,
  repository: string,
  args: readonly string[],
  fine: readonly (number | null)[] = [0],
  input?: string,
): Promise<Set<string> | Diagnostic[]> {
  const unknown = (why: string, fix?: string) => [diagnostic('leaks-unknown', { repository, why, fix })];
  try {
    // A repository may name a program as its fsmonitor, and ls-files would run it.
    const { code, stdout, stderr } = await exec.run(['git', '-c', 'core.fsmonitor=false', '-C', repository, ...args], {
      cwd: repository,
      timeout: TIMEOUT,
      env: { LC_ALL: 'C' },
      ...(input !== undefined && { input }),
    });
    if (fine.includes(code)) return new Set(stdout.toString('utf8').split('\0').filter(Boolean));
    if (code === null) return unknown(`no answer within ${TIMEOUT / 1000} s`);
    const said = stderr.toString('utf8');
    // An empty .git. With a colon instead of the parenthesis it is a worktree or submodule whose repository is elsewhere.
    if (said.includes('fatal: not a git repository (or any ')) return [];
    const why = /^fatal: (.+)/m.exec(said)?.[1] ?? /.+/.exec(said)?.[0] ?? `exit ${code}`;
    return unknown(why, /^\s*(git config --global --add safe\.directory .+)/m.exec(said)?.[1]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []; // no git
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
