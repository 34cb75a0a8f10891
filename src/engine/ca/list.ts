import { join } from 'node:path';
import { archiveFolder, rootsIn } from '../../inventory/archive.ts';
import { rootState } from '../../inventory/state.ts';
import type { FileState } from '../../inventory/types.ts';
import type { OwnerId } from '../../kernel/ids.ts';
import { pathFrom } from '../../kernel/path.ts';
import type { World } from '../../kernel/ports.ts';
import { commonNameOf, isSignedBy, publicKeyOf, readCertificates } from '../../pki/certificate-read.ts';
import type { CertificateFacts } from '../../pki/facts.ts';
import { PkiError } from '../../pki/keys.ts';
import { placeOf } from '../../plan/actions.ts';
import { resultOf } from '../plan.ts';
import { look, openProject, planOptions, type Project } from '../project.ts';
import { systemError } from '../system-errors.ts';
import type { ProjectOptions } from '../types.ts';
import { readArchivedRoots } from './roots.ts';
import type { CaListResult, RootEntry } from './types.ts';

const LIMIT = 4 * 1024 * 1024;

interface Certificate {
  readonly der: Buffer;
  readonly facts: CertificateFacts;
}

/** The live root and those in the archive, and which hosts still have certificates by each. Reads only. */
export async function listRoots(world: World, options: ProjectOptions): Promise<CaListResult> {
  const project = await openProject(world, options);
  const { inventory, plan } = look(world, project, planOptions(project, options));
  const { config, root, now, diagnostics } = resultOf(world, project, inventory, plan);
  const liveKey = keyOf(inventory.files.get(placeOf(plan.ca.key)));
  const livePath = placeOf(plan.ca.certificate);
  const hosts = hostCertificates(world, project);
  const live = readFirst(world, livePath);
  const archive = archived(world, project);
  const archivedKeys = new Set(archive.flatMap(({ keys }) => keys.map(({ publicKey }) => publicKey)));

  const entry = (found: Certificate, more: Pick<RootEntry, 'state' | 'path'>, lockedBeside: boolean): RootEntry => {
    const { subject, keyKind, notBefore, notAfter, fingerprint, publicKey } = found.facts;
    const stored = archivedKeys.has(publicKey) ? 'archived' : lockedBeside ? 'encrypted' : 'missing';
    return {
      ...more,
      name: commonNameOf(found.facts) ?? '',
      subject,
      keyKind,
      notBefore,
      notAfter,
      fingerprint,
      key: liveKey?.publicKey === publicKey ? 'live' : stored,
      hosts: hosts.filter(({ certificate }) => signs(found, certificate)).map(({ id }) => id),
    };
  };
  const lockedLive = liveKey?.encrypted === true && liveKey.publicKey === undefined;
  const state = rootState(project.desired);
  const path = (place: string) => pathFrom(project.config.root, place);
  const all = [
    ...(live ? [entry(live, { state: 'live', path: path(livePath) }, lockedLive)] : []),
    ...archive.flatMap(({ folder, certificates, keys }) =>
      certificates.map((certificate) =>
        entry(
          certificate,
          { state: 'archived', path: path(join(archiveFolder(state.folder), folder.folder)) },
          keys.some(({ encrypted }) => encrypted),
        ),
      ),
    ),
  ];
  // Archived twice, or put back in its place, it is still one.
  const seen = new Map([...all].reverse().map((one) => [one.fingerprint, one]));
  const roots = all.filter((one) => seen.get(one.fingerprint) === one);
  return { config, root, now, diagnostics, name: plan.ca.name, shared: plan.ca.shared, roots };
}

function keyOf(file: FileState | undefined) {
  return file?.state === 'file' && file.content.type === 'key' ? file.content.facts : undefined;
}

function archived(world: World, project: Project) {
  try {
    return readArchivedRoots(world, project).map((folder) => ({ folder, ...rootsIn(folder) }));
  } catch (error) {
    return systemError(error);
  }
}

function hostCertificates(
  world: World,
  { desired }: Project,
): { readonly id: OwnerId; readonly certificate: Certificate }[] {
  return desired.hosts.flatMap(({ id, certificate: { path } }) => {
    const certificate = readFirst(world, path);
    return certificate ? [{ id, certificate }] : [];
  });
}

/** The first certificate of a file; of what cannot be read the plan tells. */
function readFirst({ files }: World, path: string): Certificate | undefined {
  try {
    const bytes = files.read(path, LIMIT);
    return bytes && readCertificates(bytes)[0];
  } catch {
    return undefined;
  }
}

/** The names are compared first: a signature costs a thousand times more. */
function signs(root: Certificate, { der, facts }: Certificate): boolean {
  if (facts.issuerDer !== root.facts.subjectDer) return false;
  try {
    return isSignedBy(der, publicKeyOf(root.der));
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
