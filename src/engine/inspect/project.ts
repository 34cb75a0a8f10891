import { RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { OwnerId } from '../../kernel/ids.ts';
import type { World } from '../../kernel/ports.ts';
import type { CertificateFacts } from '../../pki/facts.ts';
import { readCertificates } from '../../pki/certificate-read.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { ReadFault } from '../../kernel/ports.ts';
import type { Plan } from '../../plan/types.ts';
import { compareProject } from '../plan.ts';
import type { ProjectOptions } from '../types.ts';
import type { OwnedCertificate } from './match.ts';

/** What `inspect` compares with: the plan, and the project's certificates as they are on disk. */
export interface Project {
  readonly config: string;
  readonly plan: Plan;
  readonly owners: readonly { readonly id: OwnerId; readonly name: string }[];
  readonly owned: readonly OwnedCertificate[];
  /** The root's certificate as DER; undefined while there is none that can be read. */
  readonly root: Buffer | undefined;
  /** That an apply was interrupted. */
  readonly diagnostics: readonly Diagnostic[];
}

const LIMIT = 4 * 1024 * 1024;

/** The project around `cwd`; undefined if no configuration is there. Throws `RcsslError` for one with errors. */
export async function openProject(world: World, options: ProjectOptions): Promise<Project | undefined> {
  const compared = await compareProject(world, options).catch((error: unknown) => {
    if (isNotFound(error) && options.config === undefined) return undefined;
    throw error;
  });
  if (!compared) return undefined;
  const { result } = compared;
  const { ca, hosts } = result.plan;
  const root = readFirst(world, ca.certificate.target.path);
  return {
    config: result.config,
    plan: result.plan,
    owners: [ca, ...hosts],
    owned: [
      { owner: ca.id, path: ca.certificate.target.path, facts: root?.facts, wanted: [] },
      ...hosts.map(({ id, certificate: { target } }) => ({
        owner: id,
        path: target.path,
        facts: readFirst(world, target.path)?.facts,
        wanted: target.profile.names,
      })),
    ],
    root: root?.der,
    diagnostics: result.diagnostics.filter(({ code }) => code === 'apply-interrupted'),
  };
}

function isNotFound(error: unknown): boolean {
  return error instanceof RcsslError && error.diagnostics.some(({ code }) => code === 'config-not-found');
}

function readFirst(world: World, path: string): { der: Buffer; facts: CertificateFacts } | undefined {
  try {
    const bytes = world.files.read(path, LIMIT);
    return bytes && readCertificates(bytes)[0];
  } catch (error) {
    if (error instanceof PkiError || error instanceof ReadFault) return undefined;
    throw error;
  }
}
