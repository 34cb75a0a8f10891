import type { CopyArtifact, DesiredCa, KeyArtifact, RootArtifact } from '../desired/types.ts';
import type { CertificateFacts, KeyFacts } from '../pki/facts.ts';
import { widen } from '../pki/constraints.ts';
import { rootReasons } from './compare.ts';
import {
  besideBlocked,
  certificateIn,
  change,
  fileAt,
  isNonEmpty,
  keep,
  obstacle,
  placementReasons,
  repair,
  type Guard,
} from './look.ts';
import { renewalInstant, timeReasons } from './renewal.ts';
import { belongs, existingRoot, isOurRoot, lookAtRoot, previousRoot, type FoundRoot } from './root-look.ts';
import type { Action, CaPlan, Reason, Reasons } from './types.ts';

/** What a host has to know of its root. */
export interface RootContext {
  readonly plan: CaPlan;
  /** The certificate whose name it signs under: the one on the disk, or the one that it goes on from; undefined where there is none. */
  readonly facts: CertificateFacts | undefined;
  /** Of the key that is there; undefined where that cannot be told. */
  readonly publicKey: string | undefined;
  readonly keyReplaced: boolean;
  /** The root cannot sign: something at its place must be mended by hand first. */
  readonly blocked: boolean;
  /** The copy of its certificate for a proxy. */
  readonly copy: (target: CopyArtifact) => Action<CopyArtifact>;
}

/** The root: a new key only for a new kind or name, a lost key or `--force`; anything else renews it with its key.
 * `inUse`: hosts have certificates by a root of this name. */
export function planCa(ca: DesiredCa, inUse: boolean, guard: Guard): RootContext {
  const { inventory } = guard;
  const found = lookAtRoot(ca, guard);
  const keyFile = fileAt(inventory, found.keyPath);
  const existing = existingRoot(ca, found, guard);
  const newKey = newKeyReasons(ca, found, existing, guard);
  const truth = isOurRoot(found);

  const wantedKey = planKey(ca, found, newKey, truth, guard);
  const certificate =
    wantedKey.kind === 'blocked'
      ? waiting(ca, found, wantedKey)
      : planCertificate(
          ca,
          found,
          wantedKey.kind === 'create' || wantedKey.kind === 'replace' ? newKey : [],
          truth,
          guard,
        );
  const key = besideBlocked(wantedKey, certificate);
  const keyReplaced = key.kind === 'create' || key.kind === 'replace';
  const issuesRoot = certificate.kind === 'create' || certificate.kind === 'replace';
  const copy = ca.copy && planCopy(ca.copy, found, issuesRoot, guard);

  const previous = keyReplaced ? undefined : previousRoot(ca, found, existing, guard);
  const notAfter = found.certificate?.notAfter;
  const plan: CaPlan = {
    id: ca.id,
    name: ca.name,
    shared: ca.sharedFolder !== undefined,
    key,
    certificate,
    copy,
    replacesRoot: keyReplaced
      ? inUse || existing !== undefined || keyFile.state !== 'missing' || inventory.manifest.has(ca.key.path)
      : existing !== undefined && !belongs(existing, found.key),
    renewsRoot: !keyReplaced && issuesRoot && existing !== undefined && belongs(existing, found.key),
    changesName: issuesRoot && existing !== undefined && previous?.sameSubject === false,
    previous,
    constraints: constraintsOf(ca, keyReplaced ? undefined : existing, issuesRoot),
    fingerprint: existing?.fingerprint,
    notAfter,
    renewAt: notAfter === undefined ? undefined : renewalInstant(notAfter, ca.certificate.profile.renewBefore),
  };
  return {
    plan,
    facts: existing ?? (previous?.sameSubject ? previous.facts : undefined),
    publicKey: found.key?.publicKey ?? existing?.publicKey,
    keyReplaced,
    blocked: [key, certificate].some(({ kind }) => kind === 'blocked'),
    copy: (target) => planCopy(target, found, issuesRoot, guard),
  };
}

/** Constraints of a root that keeps its key only grow, unless it is declared to have none. */
function constraintsOf(
  { certificate }: DesiredCa,
  existing: CertificateFacts | undefined,
  issued: boolean,
): CaPlan['constraints'] {
  const wanted = certificate.profile.constraints;
  const found = existing?.nameConstraints;
  if (existing && !issued) return found;
  return wanted && found ? widen(found, wanted) : wanted;
}

function newKeyReasons(
  ca: DesiredCa,
  found: FoundRoot,
  existing: CertificateFacts | undefined,
  guard: Guard,
): readonly Reason[] {
  const file = fileAt(guard.inventory, found.keyPath);
  const recorded = guard.inventory.manifest.get(found.keyPath);
  const reasons: Reason[] = [];
  if (guard.options.force.includes(ca.id)) reasons.push({ code: 'forced' });
  // Its certificate may be gone as well: the record says that there was a root, which devices trust.
  if (file.state === 'missing')
    reasons.push(existing || recorded ? { code: 'key-lost', path: ca.key.path } : { code: 'missing' });
  if (file.state === 'file' && file.content.type === 'malformed')
    reasons.push({ code: 'malformed', why: file.content.why });
  if (existing) {
    const name = existing.subject.find(([attribute]) => attribute === 'CN')?.[1] ?? '';
    if (name !== ca.certificate.profile.commonName) {
      reasons.push({ code: 'renamed', from: name, to: ca.certificate.profile.commonName });
    }
  }
  const kind = found.key?.keyKind;
  if (kind !== undefined && kind !== ca.key.keyKind) {
    reasons.push({ code: 'profile-changed', field: 'key', from: kind, to: ca.key.keyKind });
  }
  const publicKey = found.key?.publicKey;
  const strange = recorded?.publicKey !== undefined && publicKey !== undefined && recorded.publicKey !== publicKey;
  if (strange && existing && existing.publicKey !== publicKey) reasons.push({ code: 'key-mismatch' });
  return reasons;
}

function planKey(
  ca: DesiredCa,
  found: FoundRoot,
  newKey: readonly Reason[],
  truth: boolean,
  guard: Guard,
): Action<KeyArtifact> {
  const target = ca.key;
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  // A root's key is never lost: what stood there goes to the archive, whoever made it.
  if (isNonEmpty(newKey)) return change(target, newKey, truth, guard, true);
  const reasons = placementReasons(target, file, guard.inventory);
  if (found.keyPath !== target.path) reasons.unshift({ code: 'moved', from: found.keyPath });
  const encrypted = found.key?.encrypted === true;
  if (encrypted && !target.passphrase) {
    return { kind: 'blocked', target, reasons: [{ code: 'encryption', from: 'passphrase', to: 'none' }] };
  }
  if (!encrypted && target.passphrase) reasons.push({ code: 'encryption', from: 'none', to: 'passphrase' });
  return isNonEmpty(reasons) ? repair(target, reasons, found.keyPath, truth, guard) : keep(target, truth, guard);
}

function waiting(
  ca: DesiredCa,
  { certificate }: FoundRoot,
  key: Action<KeyArtifact> & { readonly kind: 'blocked' },
): Action<RootArtifact> {
  const kept = certificate !== undefined && key.reasons.every(({ code }) => code === 'encryption');
  return kept
    ? { kind: 'keep', target: ca.certificate, owned: false }
    : { kind: 'blocked', target: ca.certificate, reasons: [{ code: 'waits', on: ca.id }] };
}

function planCertificate(
  ca: DesiredCa,
  found: FoundRoot,
  newKey: readonly Reason[],
  truth: boolean,
  guard: Guard,
): Action<RootArtifact> {
  const target = ca.certificate;
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  if (isNonEmpty(newKey)) return change(target, newKey, truth, guard, true);

  const reasons = found.certificate ? renewalReasons(found.certificate, found.key, ca, guard) : lostReasons(ca, guard);
  if (reasons.some(({ code }) => code === 'not-yet-valid') && isNonEmpty(reasons))
    return { kind: 'blocked', target, reasons };
  const usable = found.certificate && belongs(found.certificate, found.key);
  const heals = found.copy && !usable && renewalReasons(found.copy, found.key, ca, guard).length === 0;
  if (isNonEmpty(reasons)) {
    return heals && ca.copy
      ? repair(target, reasons, ca.copy.path, truth, guard)
      : change(target, reasons, truth, guard, true);
  }
  const placement = placementReasons(target, file, guard.inventory);
  if (found.certificatePath !== target.path) placement.unshift({ code: 'moved', from: found.certificatePath });
  return isNonEmpty(placement)
    ? repair(target, placement, found.certificatePath, truth, guard)
    : keep(target, truth, guard);
}

function lostReasons(ca: DesiredCa, { inventory }: Guard): Reasons {
  const file = fileAt(inventory, ca.certificate.path);
  const broken = file.state === 'file' && file.content.type === 'malformed';
  return [broken ? { code: 'malformed', why: file.content.why } : { code: 'missing' }];
}

/** Why a root certificate that belongs to the key (or doesn't) is issued anew. */
function renewalReasons(
  facts: CertificateFacts,
  key: KeyFacts | undefined,
  ca: DesiredCa,
  { inventory, options }: Guard,
): Reason[] {
  const { profile } = ca.certificate;
  if (!belongs(facts, key)) return [{ code: 'key-mismatch' }];
  return [
    ...timeReasons(facts, profile.renewBefore, options.within, inventory.at),
    ...rootReasons(facts, profile, profile.signature, ca.sharedFolder !== undefined),
  ];
}

function planCopy(target: CopyArtifact, found: FoundRoot, issued: boolean, guard: Guard): Action<CopyArtifact> {
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  const copy = certificateIn(file);
  // A copy of an earlier generation is ours: it says so by its mark or by its key.
  const truth =
    copy !== undefined && (isOurRoot({ ...found, certificate: copy }) || copy.publicKey === found.key?.publicKey);
  if (file.state === 'missing') return { kind: 'create', target, reasons: [{ code: 'missing' }] };
  if (issued) return change(target, [{ code: 'certificate-changed' }], truth, guard);
  const same = !found.certificate || found.certificate.fingerprint === copy?.fingerprint;
  const reasons: Reason[] = same ? placementReasons(target, file, guard.inventory) : [{ code: 'stale' }];
  return isNonEmpty(reasons)
    ? repair(target, reasons, found.certificatePath, truth, guard)
    : keep(target, truth, guard);
}
