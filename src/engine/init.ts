import { dirname, join } from 'node:path';
import type { Config } from '../config/types.ts';
import { loadConfig } from '../config/load.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { World } from '../kernel/ports.ts';
import { detectProject, type Finding } from './init/detect.ts';
import { draftConfig } from './init/draft.ts';
import { existingConfig } from './init/existing.ts';
import { ignoreAddition, ignorePatterns, missingPatterns } from './init/gitignore.ts';
import { configFileName, renderConfig, type ConfigFormat } from './init/render.ts';
import { systemError } from './system-errors.ts';

export interface InitOptions {
  readonly cwd: string;
  readonly format: ConfigFormat;
}

export interface InitResult {
  /** The configuration that was written, absolute. */
  readonly config: string;
  /** What it was fitted to. */
  readonly found: readonly Finding[];
  readonly ignore: {
    /** The `.gitignore`, absolute. */
    readonly path: string;
    /** It was not there before. */
    readonly created: boolean;
    /** Lines that were added; empty if it had them all. */
    readonly added: readonly string[];
  };
}

const IGNORE_LIMIT = 1024 * 1024;

/**
 * Writes a first configuration into `cwd`, and git-ignore lines for what that configuration makes and nobody may see.
 *
 *     folder → findings → draft → text → file → Config → secret outputs → .gitignore
 *
 * The lines come from the configuration as it loads, so that they cannot disagree with what apply will write.
 * Never overwrites a configuration: throws `init-config-exists` and writes nothing.
 */
export async function initProject(world: World, { cwd, format }: InitOptions): Promise<InitResult> {
  const existing = existingConfig(world.files, cwd);
  if (existing !== undefined) fail('init-config-exists', {}, { file: join(cwd, existing) });
  const found = detectProject(world.files, cwd);
  const ignore = readIgnoreFile(world, cwd);
  const path = join(cwd, configFileName(format));
  await createConfig(world, path, renderConfig(draftConfig(found), format));
  const { config } = await loadConfig({ cwd, env: world.env, file: path });
  return { config: path, found, ignore: await ignoreSecrets(world, ignore, patternsFor(cwd, config)) };
}

async function createConfig(world: World, path: string, text: string): Promise<void> {
  try {
    await world.disk.createFile(path, { bytes: Buffer.from(text), mode: 0o644, gid: undefined }, false);
  } catch (error) {
    cannotWrite(path, error);
  }
}

/** The lines for every output of the configuration that holds a private key. */
function patternsFor(folder: string, { ca, hosts }: Config): string[] {
  const keys = [ca.output.key, ...hosts.map(({ output }) => output.key)];
  const others = [ca.output.cert, ...hosts.flatMap(({ output }) => [output.cert, output.csr, output.fullchain])];
  const paths = (outputs: typeof others): string[] => outputs.flatMap((output) => (output ? [output.path] : []));
  return ignorePatterns(folder, paths(keys), paths(others));
}

interface IgnoreFile {
  /** As people see it, and where it really lies: where it is a link, what it points to is written and the link stays. */
  readonly path: string;
  readonly real: string;
  readonly before: Buffer | undefined;
}

/** Before anything is written: one that cannot be read must not leave a configuration without its lines. */
function readIgnoreFile({ files }: World, folder: string): IgnoreFile {
  const path = join(folder, '.gitignore');
  const real = files.realPath(path);
  try {
    return { path, real, before: files.read(real, IGNORE_LIMIT) };
  } catch (error) {
    return systemError(error);
  }
}

async function ignoreSecrets(
  world: World,
  { path, real, before }: IgnoreFile,
  patterns: readonly string[],
): Promise<InitResult['ignore']> {
  const text = before?.toString('utf8') ?? '';
  const added = missingPatterns(text, patterns);
  const result = { path, created: before === undefined, added };
  if (added.length === 0) return result;
  const bytes = Buffer.concat([before ?? Buffer.alloc(0), Buffer.from(ignoreAddition(text, added))]);
  const mode = world.files.entry(real)?.mode ?? 0o644;
  const staged = join(dirname(real), `.gitignore.${world.process.id}.new`);
  try {
    await world.disk.createFile(staged, { bytes, mode, gid: undefined }, false);
    world.disk.rename(staged, real);
  } catch (error) {
    world.disk.remove(staged);
    cannotWrite(path, error);
  }
  return result;
}

function cannotWrite(path: string, error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const why = 'code' in error ? String(error.code) : error.message;
  fail('init-cannot-write', { why }, { file: path }, { cause: error });
}
