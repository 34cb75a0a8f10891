import { fail } from '../../diagnostics/diagnostic.ts';
import { rootsIn } from '../../inventory/archive.ts';
import type { World } from '../../kernel/ports.ts';
import { readCertificates } from '../../pki/certificate-read.ts';
import type { CertificateFacts } from '../../pki/facts.ts';
import { splitPem } from '../../pki/pem.ts';
import { PkiError } from '../../pki/pki-error.ts';
import { placeOf } from '../../plan/actions.ts';
import type { CaPlan } from '../../plan/types.ts';
import type { KnownRoot, Registry } from '../../trust/registry.ts';
import { trustRoot } from '../../trust/root.ts';
import type { TrustRoot } from '../../trust/types.ts';
import { readArchivedRoots } from '../ca/roots.ts';
import type { Project } from '../project.ts';
import { systemError } from '../system-errors.ts';

const LIMIT = 4 * 1024 * 1024;

/** The root that signs, and those that it replaced: in the archive, or known to the registry by this project and name. */
export interface ProjectRoots {
  readonly live: (TrustRoot & { readonly facts: CertificateFacts }) | undefined;
  readonly former: readonly TrustRoot[];
}

/** Reads only. Throws `trust-root-broken`. */
export function projectRoots(world: World, project: Project, ca: CaPlan, registry: Registry): ProjectRoots {
  const { dataFolder } = world.machine();
  const live = readLive(world, ca, dataFolder);
  const archived = archivedRoots(world, project).map((der) => trustRoot(der, dataFolder));
  const { root: folder } = project.config;
  const isOfProject = (known: KnownRoot) =>
    known.ca === ca.name && known.places.some((place) => place.project === folder);
  const recorded = registry.filter(isOfProject).flatMap((known) => knownRoot(known, dataFolder));
  const former = new Map([...archived, ...recorded].map((root) => [root.fingerprint, root]));
  if (live) former.delete(live.fingerprint);
  return { live, former: [...former.values()] };
}

/** Of the registry; one whose certificate cannot be read is none. */
export function knownRoot({ certificate }: KnownRoot, dataFolder: string): TrustRoot[] {
  try {
    return splitPem(Buffer.from(certificate)).map(({ der }) => trustRoot(der, dataFolder));
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

function readLive({ files }: World, ca: CaPlan, dataFolder: string): ProjectRoots['live'] {
  const path = placeOf(ca.certificate);
  try {
    const bytes = files.read(path, LIMIT);
    if (!bytes) return undefined;
    const [first] = readCertificates(bytes);
    if (first?.facts.basicConstraints?.ca) return { ...trustRoot(first.der, dataFolder), facts: first.facts };
  } catch (error) {
    if (!(error instanceof PkiError)) return systemError(error);
  }
  return fail('trust-root-broken', {}, { file: path });
}

function archivedRoots(world: World, project: Project): Buffer[] {
  try {
    return readArchivedRoots(world, project).flatMap((folder) => rootsIn(folder).certificates.map(({ der }) => der));
  } catch (error) {
    return systemError(error);
  }
}
