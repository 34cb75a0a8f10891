import { dirname, extname, join, resolve } from 'node:path';
import { ExplorerSync } from 'cosmiconfig/dist/ExplorerSync.js';
import { diagnostic, fail, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { evaluate } from './load/evaluate.ts';
import { repositoryRoot, searchFolders } from './load/project.ts';
import { exists, obstacle } from './load/stat.ts';
import { inReadingOrder } from './order.ts';
import { SEARCH_PLACES } from './search-places.ts';
import type { Config } from './types.ts';
import type { UserProxy } from './user-config.ts';
import { validate } from './validate.ts';

export interface LoadOptions {
  /** Where the search begins, and what `file` is relative to. Absolute. */
  readonly cwd: string;
  /** The configuration file, where it is named. */
  readonly file?: string | undefined;
  /** What a configuration that is a function is given. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Stops waiting for a configuration that is a promise or a function; what it does itself goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Code is run in a thread that is gone afterwards: for whoever loads all day long. */
  readonly isolated?: boolean | undefined;
  /** Told of every file that is read, and of those that are imported and not there; also where loading fails. */
  readonly onFile?: ((path: string) => void) | undefined;
  /** Reverse proxies in place of the declared ones. */
  readonly proxies?: readonly UserProxy[] | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Every file that was read for it, absolute: the configuration and what it imports. */
  readonly files: readonly string[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A configuration file and its text. */
export interface FoundConfig {
  readonly file: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds, reads and checks the configuration. Each call reads afresh, imported modules too.
 *
 *     cwd → find (cosmiconfig) → text → evaluate (import | JSON | YAML) → validate → Config
 *
 * Throws `RcsslError` with everything that is wrong, or the reason of `signal`.
 */
export async function loadConfig({ cwd, file: named, proxies, ...run }: LoadOptions): Promise<LoadedConfig> {
  const found = named === undefined ? await findConfig(cwd) : await readConfig(resolve(cwd, named));
  const { file, text } = found;
  const { value, files } = await evaluate(file, text, run);
  const wanted = proxies && typeof value === 'object' ? { ...value, proxies } : value;
  const { config, diagnostics } = validate(wanted, { file, project: repositoryRoot(dirname(file)) });
  // Most runs have nothing to say: the parsers that find lines are loaded only for the others.
  const placed = diagnostics.length > 0 ? await withLines(file, text, diagnostics) : [];
  if (!config) throw new RcsslError(placed);
  return { config, files, diagnostics: [...found.diagnostics, ...placed] };
}

async function withLines(file: string, text: string, diagnostics: readonly Diagnostic[]): Promise<Diagnostic[]> {
  const { addLines } = await import('./locate/locate.ts');
  return inReadingOrder(await addLines(file, text, diagnostics));
}

/** The nearest configuration from `cwd` upwards. Throws `config-not-found` with where it looked. */
export async function findConfig(cwd: string): Promise<FoundConfig> {
  const folders = searchFolders(resolve(cwd));
  for (const folder of folders) {
    const places = SEARCH_PLACES.filter((name) => exists(join(folder, name)));
    // A package.json without the property rcssl is none, whatever else may be wrong with it.
    const refused = places
      .filter((name) => name !== 'package.json')
      .flatMap((name) => obstacle(join(folder, name)) ?? []);
    if (refused.length > 0) throw new RcsslError(refused);
    const readable = places.filter((name) => !obstacle(join(folder, name)));
    if (readable.length === 0) continue;
    const result = explorer(readable).search(folder);
    if (!result) continue;
    const others = readable.filter((name) => name !== 'package.json' && join(folder, name) !== result.filepath);
    const by = readable.find((name) => join(folder, name) === result.filepath) ?? result.filepath;
    const notes = others.map((name) => diagnostic('config-shadowed', { by }, { file: join(folder, name) }));
    return { ...textOf(result), diagnostics: notes };
  }
  return fail('config-not-found', { looked: folders });
}

/** Where a configuration would be found before that one, itself among them; without one, wherever one is looked for. */
export function configPlaces(cwd: string, found: string | undefined): string[] {
  const folders = searchFolders(resolve(cwd));
  const last = found === undefined ? -1 : folders.indexOf(dirname(found));
  const searched = last < 0 ? folders : folders.slice(0, last + 1);
  return searched.flatMap((folder) => SEARCH_PLACES.map((name) => join(folder, name)));
}

async function readConfig(file: string): Promise<FoundConfig> {
  const refused = obstacle(file);
  if (refused) throw new RcsslError([refused]);
  const kinds = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.yaml', '.yml'];
  if (extname(file) !== '' && !kinds.includes(extname(file))) fail('config-file-kind', { kinds }, { file });
  const result = explorer(SEARCH_PLACES).load(file);
  if (!result) return fail('config-no-package-key', {}, { file });
  return { ...textOf(result), diagnostics: [] };
}

function textOf(result: NonNullable<ReturnType<ExplorerSync['search']>>): { file: string; text: string } {
  const file = result.filepath;
  if (result.isEmpty) fail('config-empty', {}, { file });
  const { text } = result.config as { text: string };
  if (text.includes('\0')) fail('config-binary', {}, { file });
  return { file, text: text.replace(/^\uFEFF/, '') };
}

/**
 * cosmiconfig as the finder and reader alone. Its `cosmiconfig()` would also read and run `.config/config.{js,ts,…}` and
 * the property `cosmiconfig` of package.json in the working directory, and nothing switches that off; the class behind
 * it does not. The texts are handed on in a box, so that its own `$import` stays an unknown key.
 */
function explorer(searchPlaces: readonly string[]): ExplorerSync {
  const box = (_: string, text: string): unknown => ({ text });
  const boxJson = (file: string, text: string): unknown =>
    file.endsWith('package.json') ? (hasProperty(text) ? { rcssl: { text } } : {}) : { text };
  return new ExplorerSync({
    moduleName: 'rcssl',
    searchPlaces: [...searchPlaces],
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (result) => result,
    loaders: { default: box, '.json': boxJson },
    metaConfigFilePath: null,
    mergeImportArrays: false,
    mergeSearchPlaces: false,
    searchStrategy: 'none',
  });
}

/** One that does not parse counts if it speaks of rcssl: then its error is worth telling. */
function hasProperty(text: string): boolean {
  if (!text.includes('"rcssl"')) return false;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && Object.hasOwn(value, 'rcssl');
  } catch {
    return true;
  }
}
