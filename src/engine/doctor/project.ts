import type { DeclaredCertificate, DeclaredProxy, DoctorProject } from '../../doctor/case.ts';
import { diagnostic, RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Inventory } from '../../inventory/types.ts';
import { ownerName } from '../../kernel/ids.ts';
import { pathFrom } from '../../kernel/path.ts';
import { ReadFault, type World } from '../../kernel/ports.ts';
import { readCertificates } from '../../pki/certificate-read.ts';
import { PkiError } from '../../pki/pki-error.ts';
import type { Action, Removal } from '../../plan/types.ts';
import { labelOf } from '../../hooks/owed.ts';
import { artifactsOf } from '../../inventory/inventory.ts';
import { leaks } from '../leaks.ts';
import { compareProject } from '../plan.ts';
import type { Project } from '../project.ts';
import type { PlanResult, ProjectOptions } from '../types.ts';

const LIMIT = 4 * 1024 * 1024;

/** The project as checks see it; undefined without a configuration. One with errors is only told of where a server was named. */
export async function projectForDoctor(
  world: World,
  options: ProjectOptions,
  hasTarget: boolean,
): Promise<{ readonly project: DoctorProject | undefined; readonly diagnostics: readonly Diagnostic[] }> {
  try {
    const { project, inventory, result } = await compareProject(world, options);
    return { project: describeProject(world, project, inventory, result), diagnostics: result.diagnostics };
  } catch (error) {
    if (!(error instanceof RcsslError) || !hasTarget || options.config !== undefined) throw error;
    if (error.diagnostics.some(({ code }) => code === 'config-not-found'))
      return { project: undefined, diagnostics: [] };
    const errors = error.diagnostics.length;
    return { project: undefined, diagnostics: [diagnostic('inspect-without-config', { errors })] };
  }
}

function describeProject(world: World, project: Project, inventory: Inventory, result: PlanResult): DoctorProject {
  const { config, desired } = project;
  const shown = (path: string): string => pathFrom(config.root, path);
  const root = readFirst(world, desired.ca.certificate.path);
  const reloads = new Map(
    desired.proxies.flatMap(({ id, reload }) => (reload ? [[id, labelOf(reload)] as const] : [])),
  );
  return {
    config,
    ca: desired.ca.name,
    root: root && { ...root, path: shown(desired.ca.certificate.path) },
    certificates: desired.hosts.map(({ id, name, certificate, fullchain }): DeclaredCertificate => ({
      owner: id,
      name,
      path: shown(certificate.path),
      chainPath: fullchain && shown(fullchain.path),
      names: certificate.profile.names,
      facts: readFirst(world, certificate.path)?.facts,
    })),
    proxies: config.proxies.map((proxy): DeclaredProxy => ({
      config: proxy,
      path: shown(proxy.output.path),
      reload: reloads.get(proxy.id),
    })),
    pending: pendingOf(result.actions),
    keys: artifactsOf(desired).filter(({ artifact }) => artifact === 'key').length,
    leaks: () => leaks(world, project, inventory),
  };
}

function pendingOf(actions: readonly (Action | Removal)[]): DoctorProject['pending'] {
  const owners = new Map<string, string[]>();
  for (const action of actions) {
    if (action.kind === 'keep' || action.kind === 'remove') continue;
    const name = ownerName(action.target.owner);
    owners.set(name, [...(owners.get(name) ?? []), ...action.reasons.map(({ code }) => code)]);
  }
  // What follows from a renewal has reasons of its own.
  return [...owners].map(([name, codes]) => ({ name, late: !codes.includes('expires-soon') }));
}

function readFirst(world: World, path: string) {
  try {
    const bytes = world.files.read(path, LIMIT);
    return bytes && readCertificates(bytes)[0];
  } catch (error) {
    if (error instanceof PkiError || error instanceof ReadFault) return undefined;
    throw error;
  }
}
