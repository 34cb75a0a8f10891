import type { DesiredCa, KeyArtifact, RootArtifact } from '../desired/types.ts';
import type { CertificateFacts, KeyFacts } from '../pki/facts.ts';
import { isGenerationMark, rootSubjectReasons } from './compare.ts';
import { certificateIn, fileAt, formerPaths, keyIn, type Guard } from './look.ts';
import type { CaPlan } from './types.ts';

/** What the files of a root say, before anything is decided. */
export interface FoundRoot {
  readonly key: KeyFacts | undefined;
  /** Where the key is: at its path, or where an earlier configuration had it. */
  readonly keyPath: string;
  readonly certificate: CertificateFacts | undefined;
  readonly certificatePath: string;
  readonly copy: CertificateFacts | undefined;
}

export function lookAtRoot(ca: DesiredCa, guard: Guard): FoundRoot {
  const at = (path: string) => fileAt(guard.inventory, path);
  const find = (target: KeyArtifact | RootArtifact, isThere: (path: string) => boolean): string =>
    (at(target.path).state === 'missing' ? formerPaths(target, guard).find(isThere) : undefined) ?? target.path;
  const certificatePath = find(ca.certificate, (path) => certificateIn(at(path)) !== undefined);
  const root = certificateIn(at(certificatePath));
  const lost = guard.inventory.manifest.get(ca.key.path)?.publicKey;
  // Where several roots followed one another, the key that moved is that of the last one.
  const keyPath = find(ca.key, (path) => {
    const key = keyIn(at(path));
    if (!key || (root && !belongs(root, key))) return false;
    return lost === undefined || key.publicKey === undefined || key.publicKey === lost;
  });
  return {
    key: keyIn(at(keyPath)),
    keyPath,
    certificate: root,
    certificatePath,
    copy: ca.copy && certificateIn(at(ca.copy.path)),
  };
}

/** As far as anybody can tell: an encrypted key that nobody recorded may belong to any certificate. */
export function belongs(certificate: CertificateFacts, key: KeyFacts | undefined): boolean {
  return key?.publicKey === undefined || key.publicKey === certificate.publicKey;
}

/**
 * The root that devices trust: the certificate of the key that is there. One of another key is the root only while the
 * record doesn't say that the key is the right one; then the key is the odd one.
 */
export function existingRoot(
  ca: DesiredCa,
  { key, certificate, copy }: FoundRoot,
  { inventory }: Guard,
): CertificateFacts | undefined {
  const certificates = [certificate, copy].filter((facts) => facts !== undefined);
  const own = certificates.find((facts) => belongs(facts, key));
  if (own) return own;
  const recorded = inventory.manifest.get(ca.key.path)?.publicKey;
  return recorded !== undefined && recorded === key?.publicKey
    ? undefined
    : certificates.find((facts) => facts.basicConstraints?.ca);
}

/** The certificate that a renewal goes on from: where the root's own is lost, one that an earlier configuration had. */
export function previousRoot(
  ca: DesiredCa,
  { key }: FoundRoot,
  existing: CertificateFacts | undefined,
  guard: Guard,
): CaPlan['previous'] {
  const former = formerPaths(ca.certificate, guard).map((path) => certificateIn(fileAt(guard.inventory, path)));
  const facts = [existing, ...former].find((found) => found !== undefined && belongs(found, key));
  const shared = ca.sharedFolder !== undefined;
  return facts && { facts, sameSubject: shared || rootSubjectReasons(facts, ca.certificate.profile).length === 0 };
}

/** Without the manifest a root is known as ours by the mark in its name, or by the way its key is identified. */
export function isOurRoot({ key, certificate }: Pick<FoundRoot, 'key' | 'certificate'>): boolean {
  if (!certificate || (key?.publicKey !== undefined && key.publicKey !== certificate.publicKey)) return false;
  return certificate.keyIdIsOurs || certificate.subject.some((attribute) => isGenerationMark(attribute, certificate));
}
