import type { CsrArtifact, DesiredHost, FullchainArtifact, KeyArtifact, LeafArtifact } from '../desired/types.ts';
import type { FileState } from '../inventory/types.ts';
import type { CertificateFacts, KeyFacts } from '../pki/facts.ts';
import { keepAddresses } from './lan.ts';
import { placeOf } from './actions.ts';
import { planCombined } from './combined.ts';
import { leafReasons, nameReasons, subjectReasons } from './compare.ts';
import {
  besideBlocked,
  certificateIn,
  change,
  fileAt,
  formerPaths,
  isNonEmpty,
  isRecordedAs,
  keep,
  keyIn,
  obstacle,
  ownCertificateIn,
  placementReasons,
  recordAt,
  repair,
  requestIn,
  type Guard,
} from './look.ts';
import { renewalInstant, timeReasons } from './renewal.ts';
import type { RootContext } from './root.ts';
import type { Action, HostPlan, Reason, Reasons } from './types.ts';

/** What the files of a host say, before anything is decided. */
interface Found {
  readonly key: KeyFacts | undefined;
  /** Where the key is: at its path, or where an earlier configuration had it. */
  readonly keyPath: string;
  /** At the certificate's path. */
  readonly certificate: CertificateFacts | undefined;
  /** Public keys of certificates that the root signed for this host: what matches one of them is ours. */
  readonly anchors: ReadonlySet<string>;
}

export function planHost(declared: DesiredHost, root: RootContext, guard: Guard): HostPlan {
  const present = certificateIn(fileAt(guard.inventory, declared.certificate.path));
  const host = keepAddresses(declared, present, guard.inventory.at);
  const found = look(host, guard);
  const leaf = host.certificate;
  const wrong = certificateReasons(fileAt(guard.inventory, leaf.path), host, root, guard);
  const wantedKey = planKey(host, found, wrong, guard);
  const certificate = planCertificate(host, root, found, wantedKey, wrong, guard);
  const key = besideBlocked(wantedKey, certificate);
  const keyReplaced = key.kind === 'create' || key.kind === 'replace';
  const issued = certificate.kind === 'create' || certificate.kind === 'replace';
  const csr = host.csr && planCsr(host.csr, found, key, keyReplaced, guard);
  const fullchain = host.fullchain && planFullchain(host.fullchain, leaf, certificate, issued, guard);
  const parts = { leaf, key, certificate, found: found.key };
  const combined = host.combined && planCombined(host.combined, parts, guard);
  const pfx = host.pfx && planCombined(host.pfx, parts, guard);
  const notAfter = found.certificate?.notAfter;
  return {
    id: host.id,
    name: host.name,
    key,
    certificate,
    csr,
    fullchain,
    combined,
    pfx,
    notAfter,
    renewAt: notAfter === undefined ? undefined : renewalInstant(notAfter, leaf.profile.renewBefore),
  };
}

function look(host: DesiredHost, guard: Guard): Found {
  const { inventory } = guard;
  const at = (path: string) => fileAt(inventory, path);
  const keyFile = at(host.key.path);
  // Recorded as another's, what stands there is not this host's key, wherever that one is.
  const record = recordAt(host.key.path, guard);
  const elsewhere = keyFile.state === 'missing' || (record !== undefined && !isRecordedAs(host.key, record));
  const moved = elsewhere ? formerPaths(host.key, guard).find((path) => keyIn(at(path))) : undefined;
  const keyPath = moved ?? host.key.path;
  const leaves = [host.certificate.path, host.fullchain?.path, ...formerPaths(host.certificate, guard)];
  const anchors = leaves.flatMap((path) => (path === undefined ? [] : [ownCertificateIn(at(path))?.publicKey]));
  return {
    key: keyIn(at(keyPath)),
    keyPath,
    certificate: certificateIn(at(host.certificate.path)),
    anchors: new Set(anchors.filter((key) => key !== undefined)),
  };
}

/** Why the certificate in a file, wherever it stands, is not the one that this host should have. */
function certificateReasons(
  file: FileState,
  host: DesiredHost,
  root: RootContext,
  { inventory, options }: Guard,
): Reason[] {
  const content = file.state === 'file' ? file.content : undefined;
  if (content?.type !== 'certificates') return [];
  const [facts] = content.certificates;
  const { profile } = host.certificate;
  const forced: Reason[] = options.force.includes(host.id) ? [{ code: 'forced' }] : [];
  return [
    ...forced,
    ...timeReasons(facts, profile.renewBefore, options.within, inventory.at),
    ...issuerReasons(facts, content.signer, root),
    ...leafReasons(facts, profile, profile.signature),
  ];
}

function commonName(facts: CertificateFacts): string {
  return facts.issuer.find(([attribute]) => attribute === 'CN')?.[1] ?? '';
}

function issuerReasons(facts: CertificateFacts, signer: string, root: RootContext): Reason[] {
  if (root.keyReplaced || root.plan.changesName) return [{ code: 'issuer-replaced' }];
  const renamed = root.facts !== undefined && root.facts.subjectDer !== facts.issuerDer;
  // A strict client looks for the issuer by its key identifier (RFC 5280 section 4.2.1.1).
  const strayed = root.facts?.subjectKeyId !== undefined && root.facts.subjectKeyId !== facts.authorityKeyId;
  const signed = signer === 'unknown' || root.publicKey === undefined || signer === root.publicKey;
  if (signed && !renamed && !strayed) return [];
  return [{ code: 'issuer-changed', from: commonName(facts), to: root.plan.name }];
}

function planKey(host: DesiredHost, found: Found, wrong: readonly Reason[], guard: Guard): Action<KeyArtifact> {
  const target = host.key;
  const { inventory, options } = guard;
  const file = fileAt(inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  const truth = found.key?.publicKey !== undefined && found.anchors.has(found.key.publicKey);
  const record = recordAt(found.keyPath, guard);
  const recorded = isRecordedAs(target, record) ? record?.publicKey : undefined;
  const reasons: Reason[] = [];
  if (options.force.includes(host.id)) reasons.push({ code: 'forced' });
  if (file.state === 'file' && file.content.type === 'malformed')
    reasons.push({ code: 'malformed', why: file.content.why });
  if (found.key?.encrypted) reasons.push({ code: 'encryption', from: 'passphrase', to: 'none' });
  if (found.key?.keyKind !== undefined && found.key.keyKind !== target.keyKind) {
    reasons.push({ code: 'profile-changed', field: 'key', from: found.key.keyKind, to: target.keyKind });
  }
  // Somebody put another key there: only the record can tell, since a certificate might be the odd one as well.
  const strange =
    recorded !== undefined && found.key?.publicKey !== undefined && recorded !== found.key.publicKey && !truth;
  if (strange) reasons.push({ code: 'key-mismatch' });
  if (!host.reuseKey) reasons.push(...wrong.filter(({ code }) => code !== 'forced'));
  if (isNonEmpty(reasons)) return change(target, reasons, truth, guard);
  if (!found.key) return { kind: 'create', target, reasons: [{ code: 'missing' }] };
  if (found.keyPath !== target.path)
    return repair(target, [{ code: 'moved', from: found.keyPath }], found.keyPath, true, guard);
  const placement = placementReasons(target, file, inventory);
  return isNonEmpty(placement) ? repair(target, placement, target.path, truth, guard) : keep(target, truth, guard);
}

function planCertificate(
  host: DesiredHost,
  root: RootContext,
  found: Found,
  key: Action<KeyArtifact>,
  wrong: readonly Reason[],
  guard: Guard,
): Action<LeafArtifact> {
  const target = host.certificate;
  const { inventory } = guard;
  const file = fileAt(inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  const truth = ownCertificateIn(file) !== undefined;
  const keyReplaced = key.kind === 'create' || key.kind === 'replace';
  const mismatch = found.certificate && key.kind !== 'blocked' && found.key?.publicKey !== found.certificate.publicKey;
  const reasons: Reason[] = [
    ...(file.state === 'missing' ? [{ code: 'missing' } as const] : []),
    ...(file.state === 'file' && file.content.type === 'malformed'
      ? [{ code: 'malformed', why: file.content.why } as const]
      : []),
    ...wrong,
    ...(found.certificate && keyReplaced ? [{ code: 'key-changed' } as const] : []),
    ...(mismatch && !keyReplaced ? [{ code: 'key-mismatch' } as const] : []),
  ];
  if (!isNonEmpty(reasons)) {
    const placement = placementReasons(target, file, inventory);
    return isNonEmpty(placement) ? repair(target, placement, target.path, truth, guard) : keep(target, truth, guard);
  }
  const spare = keyReplaced || found.certificate ? undefined : sparePath(host, root, found, guard);
  if (spare !== undefined) {
    const moved: Reasons = spare === host.fullchain?.path ? reasons : [{ code: 'moved', from: spare }];
    return repair(target, moved, spare, truth, guard);
  }
  if (key.kind === 'blocked') return { kind: 'blocked', target, reasons: [{ code: 'waits', on: host.id }, ...reasons] };
  if (root.blocked) return { kind: 'blocked', target, reasons: [{ code: 'waits', on: root.plan.id }, ...reasons] };
  return change(target, reasons, truth, guard);
}

/** Where else the very certificate stands: where an earlier configuration had it, or in the full chain. */
function sparePath(host: DesiredHost, root: RootContext, found: Found, guard: Guard): string | undefined {
  const former = formerPaths(host.certificate, guard);
  const places = host.fullchain ? [...former, host.fullchain.path] : former;
  return places.find((path) => {
    const file = fileAt(guard.inventory, path);
    const facts = ownCertificateIn(file);
    return (
      facts && facts.publicKey === found.key?.publicKey && certificateReasons(file, host, root, guard).length === 0
    );
  });
}

function planCsr(
  target: CsrArtifact,
  found: Found,
  key: Action<KeyArtifact>,
  keyReplaced: boolean,
  guard: Guard,
): Action<CsrArtifact> {
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  if (key.kind === 'blocked') return { kind: 'blocked', target, reasons: [{ code: 'waits', on: target.owner }] };
  const facts = requestIn(file);
  const truth = facts !== undefined && found.anchors.has(facts.publicKey);
  if (file.state === 'missing') return { kind: 'create', target, reasons: [{ code: 'missing' }] };
  if (keyReplaced) return change(target, [{ code: 'key-changed' }], truth, guard);
  if (!facts) return change(target, [{ code: 'malformed', why: malformation(file) }], truth, guard);
  const { profile } = target;
  const reasons: Reason[] = [
    ...nameReasons(facts.names, profile.names),
    ...subjectReasons(facts.subject, profile.subject, profile.commonName),
    ...(facts.publicKey === found.key?.publicKey ? [] : [{ code: 'key-mismatch' } as const]),
    ...(facts.signed ? [] : [{ code: 'malformed', why: 'its signature is wrong' } as const]),
  ];
  if (isNonEmpty(reasons)) return change(target, reasons, truth, guard);
  const placement = placementReasons(target, file, guard.inventory);
  return isNonEmpty(placement) ? repair(target, placement, target.path, truth, guard) : keep(target, truth, guard);
}

function malformation(file: ReturnType<typeof fileAt>): string {
  return file.state === 'file' && file.content.type === 'malformed' ? file.content.why : 'not what it should be';
}

function planFullchain(
  target: FullchainArtifact,
  leaf: LeafArtifact,
  certificate: Action<LeafArtifact>,
  issued: boolean,
  guard: Guard,
): Action<FullchainArtifact> {
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  if (certificate.kind === 'blocked')
    return { kind: 'blocked', target, reasons: [{ code: 'waits', on: target.owner }] };
  if (file.state === 'missing') return { kind: 'create', target, reasons: [{ code: 'missing' }] };
  const truth = ownCertificateIn(file) !== undefined;
  if (issued) return change(target, [{ code: 'certificate-changed' }], truth, guard);
  // A certificate that is taken from the chain needs nothing of it; one that moved is compared once it is in its place.
  const wanted = certificateIn(fileAt(guard.inventory, placeOf(certificate)));
  const chain = file.state === 'file' && file.content.type === 'certificates' ? file.content.certificates : [];
  const same = chain.length === 1 && chain[0]?.fingerprint === wanted?.fingerprint;
  const reasons: Reason[] = same ? placementReasons(target, file, guard.inventory) : [{ code: 'stale' }];
  return isNonEmpty(reasons) ? repair(target, reasons, leaf.path, truth, guard) : keep(target, truth, guard);
}
