import { relative, resolve, sep } from 'node:path';
import { loadConfig, type LoadOptions } from '../config/load.ts';
import type { Config } from '../config/types.ts';
import { desiredFrom } from '../desired/desired.ts';
import type { Desired } from '../desired/types.ts';
import { diagnostic, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { artifactsOf, takeInventory } from '../inventory/inventory.ts';
import type { Inventory } from '../inventory/types.ts';
import type { OwnerId } from '../kernel/ids.ts';
import { nearest } from '../kernel/near-miss.ts';
import { pathFrom } from '../kernel/path.ts';
import { ReadFault, type World } from '../kernel/ports.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import { parseName } from '../pki/names.ts';
import { PkiError } from '../pki/pki-error.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan, PlanOptions } from '../plan/types.ts';
import { systemError } from './system-errors.ts';
import type { ProjectOptions, SelectOptions } from './types.ts';

const CA_LIMIT = 4 * 1024 * 1024;

/** A configuration and what it wants on this machine. */
export interface Project {
  readonly config: Config;
  readonly desired: Desired;
  /** Every file that the configuration was read from, absolute. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export async function openProject(
  world: World,
  { cwd, config: file, signal }: ProjectOptions,
  how: Pick<LoadOptions, 'isolated' | 'onFile' | 'proxies'> = {},
): Promise<Project> {
  const loaded = await loadConfig({ cwd, env: world.env, file, signal, ...how });
  const { config } = loaded;
  const desired = desiredFrom(config, relative(config.root, config.file).split(sep).join('/'), world.machine());
  if (config.proxies.length === 0) return { config, desired, files: loaded.files, diagnostics: loaded.diagnostics };
  const { withProxies } = await import('../desired/proxies.ts');
  const more = await withProxies(desired, config);
  if (more.diagnostics.length > 0) throw new RcsslError(more.diagnostics);
  return { config, desired: more.desired, files: loaded.files, diagnostics: loaded.diagnostics };
}

/** What is on the disk, and the plan against it. */
export function look(world: World, project: Project, options: PlanOptions): { inventory: Inventory; plan: Plan } {
  const inventory = inventoryOf(world, project);
  const unknown = [...inventory.groups].filter(([, id]) => id === undefined);
  if (unknown.length > 0) {
    throw new RcsslError(unknown.map(([group]) => diagnostic('group-unknown', { group: String(group) })));
  }
  const plan = makePlan(project.desired, inventory, options);
  clientRootsAreThere(world, project, plan);
  return { inventory, plan };
}

/** What clients' certificates are to be from is the user's own file, unless it is one that rcssl makes. */
function clientRootsAreThere({ files }: World, { config, desired }: Project, { proxies }: Plan): void {
  const made = new Set(artifactsOf(desired).map(({ path }) => path));
  const problems = desired.proxies.flatMap(({ id, name, clientCa }): Diagnostic[] => {
    if (clientCa === undefined || made.has(clientCa) || !proxies.some((proxy) => proxy.id === id)) return [];
    const why = unreadable(files, clientCa);
    return why === undefined
      ? []
      : [diagnostic('proxy-ca-missing', { name, path: pathFrom(config.root, clientCa), why }, { file: config.file })];
  });
  if (problems.length > 0) throw new RcsslError(problems);
}

function unreadable(files: World['files'], path: string): string | undefined {
  try {
    const bytes = files.read(path, CA_LIMIT);
    if (bytes === undefined) return 'ENOENT';
    // Apache takes anything in its check, and ends when it starts.
    return readCertificates(bytes).length > 0 ? undefined : 'no certificate in it';
  } catch (error) {
    if (error instanceof ReadFault) return error.code;
    if (error instanceof PkiError) return error.message;
    throw error;
  }
}

function inventoryOf({ files, clock }: World, { desired }: Project): Inventory {
  try {
    return takeInventory(desired, files, clock);
  } catch (error) {
    return systemError(error);
  }
}

/** The words of the command line as the plan wants them; every unknown one is an error, all at once. */
export function planOptions(project: Project, options: SelectOptions & { readonly within?: number }): PlanOptions {
  const { desired } = project;
  const problems: Diagnostic[] = [];
  const owners = [desired.ca, ...desired.hosts, ...desired.proxies].map(({ id }) => id);
  const owner = (word: string): OwnerId[] => {
    const bare = word.replace(/^host:/, '');
    const parsed = word.startsWith('ca:') ? undefined : parseName(bare);
    // As typed in the configuration or as a certificate has it: `bücher.test` is `xn--bcher-kva.test`.
    const id = (parsed && 'name' in parsed ? `host:${parsed.name.value}` : word) as OwnerId;
    if (owners.includes(id)) return [id];
    const near = nearest(word, [...desired.hosts.map(({ name }) => name), ...owners]);
    problems.push(diagnostic('owner-unknown', { name: word, near }));
    return [];
  };
  const declared = new Set(artifactsOf(desired).map(({ path }) => path));
  // A path as the shell means it, or as the plan shows it, which is relative to the configuration.
  const adopt = (options.adopt ?? []).flatMap((path) => {
    const found = [options.cwd, project.config.root].map((base) => resolve(base, path)).find((at) => declared.has(at));
    if (found === undefined) problems.push(diagnostic('adopt-undeclared', { path }));
    return found ?? [];
  });
  const only = options.only?.length ? options.only.flatMap(owner) : undefined;
  const force = (options.force ?? []).flatMap(owner);
  if (problems.length > 0) throw new RcsslError(problems);
  return { only, force, adopt, prune: options.prune ?? false, within: options.within };
}
