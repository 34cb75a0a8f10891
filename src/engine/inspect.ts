import { isAbsolute, resolve } from 'node:path';
import { diagnostic, fail, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { ownerName, type OwnerId } from '../kernel/ids.ts';
import type { TlsProbe, World } from '../kernel/ports.ts';
import { inspectFile } from './inspect/file.ts';
import { inspectServer } from './inspect/server.ts';
import { openProject, type Project } from './inspect/project.ts';
import { resolveTarget, type Target } from './inspect/target.ts';
import type { InspectResult } from './inspect/types.ts';
import type { ProjectOptions } from './types.ts';

export type { InspectResult } from './inspect/types.ts';

export interface InspectOptions extends ProjectOptions {
  /** A file, a declared host or id (`ca:NAME`), a URL or HOST:PORT. */
  readonly target: string;
  /** The environment variable that holds the passphrase of an encrypted key or PKCS#12. */
  readonly passphraseEnv?: string;
}

/**
 * Says what a file, a declared host's certificate or a live server really holds, and how it stands to the configuration.
 *
 *     argument → target → bytes → items (facts) → judged by what clients refuse, matched with the plan
 *
 * Writes nothing; opens a connection only for a URL or HOST:PORT. Works without a configuration, and beside one that has errors.
 */
export async function inspectTarget(world: World, tls: TlsProbe, options: InspectOptions): Promise<InspectResult> {
  const { project, diagnostics } = await projectOrNone(world, options);
  const target = resolveTarget(options.target, {
    existingFile: (asked) => existingFile(world, options.cwd, asked),
    owners: project?.owners,
  });
  const found =
    target.kind === 'server'
      ? await inspectServer(world, tls, target.endpoint, project, options.signal)
      : await inspectFile(world, locate(world, target, project), project, options);
  return {
    asked: options.target,
    now: world.clock.now(),
    cwd: options.cwd,
    config: project?.config,
    ...found,
    diagnostics: [...diagnostics, ...found.diagnostics],
  };
}

/** A broken configuration stops only those who named it, or whose argument nothing else explains. */
async function projectOrNone(
  world: World,
  options: InspectOptions,
): Promise<{ project: Project | undefined; diagnostics: readonly Diagnostic[] }> {
  try {
    const project = await openProject(world, options);
    return { project, diagnostics: project?.diagnostics ?? [] };
  } catch (error) {
    if (!(error instanceof RcsslError) || options.config !== undefined) throw error;
    if (!explainsItself(world, options)) throw error;
    return {
      project: undefined,
      diagnostics: [diagnostic('inspect-without-config', { errors: error.diagnostics.length })],
    };
  }
}

function explainsItself(world: World, { cwd, target }: InspectOptions): boolean {
  return existingFile(world, cwd, target) !== undefined || /:\/\/|:\d+$/.test(target);
}

/** Absolute; a folder is nothing to inspect, so it does not stand in the way of a host of its name. */
function existingFile(world: World, cwd: string, asked: string): string | undefined {
  const path = isAbsolute(asked) ? asked : resolve(cwd, asked);
  const entry = world.files.entry(world.files.realPath(path));
  return entry !== undefined && entry.kind !== 'folder' ? path : undefined;
}

/** The file of a target; an owner's is its certificate. */
function locate(
  world: World,
  target: Exclude<Target, { kind: 'server' }>,
  project: Project | undefined,
): { path: string; owner: OwnerId | undefined } {
  if (target.kind === 'file') return { path: target.path, owner: undefined };
  const owned = project?.owned.find(({ owner }) => owner === target.id);
  if (!owned || !world.files.entry(owned.path)) fail('inspect-not-made', { owner: ownerName(target.id) });
  return { path: owned.path, owner: target.id };
}
