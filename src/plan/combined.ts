import type { CombinedArtifact, KeyArtifact, LeafArtifact, PfxArtifact } from '../desired/types.ts';
import type { KeyFacts } from '../pki/facts.ts';
import {
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
import type { Action, Reason } from './types.ts';

interface Parts {
  readonly leaf: LeafArtifact;
  readonly key: Action<KeyArtifact>;
  readonly certificate: Action<LeafArtifact>;
  /** The key that is on disk. */
  readonly found: KeyFacts | undefined;
}

/** The full chain and the key in one file, whatever its encoding: it follows both. */
export function planCombined<A extends CombinedArtifact | PfxArtifact>(
  target: A,
  parts: Parts,
  guard: Guard,
): Action<A> {
  const { leaf, key, certificate, found } = parts;
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  if (key.kind === 'blocked' || certificate.kind === 'blocked') {
    return { kind: 'blocked', target, reasons: [{ code: 'waits', on: target.owner }] };
  }
  if (file.state !== 'file') return { kind: 'create', target, reasons: [{ code: 'missing' }] };
  const { content } = file;
  const truth = content.type === 'combined' && content.signer !== 'none' && content.signer !== 'unknown';
  if (content.type !== 'combined') {
    const why = content.type === 'malformed' ? content.why : 'not what it should be';
    return change(target, [{ code: 'malformed', why }], truth, guard);
  }
  const reasons: Reason[] = [];
  if (issues(key)) reasons.push({ code: 'key-changed' });
  if (issues(certificate)) reasons.push({ code: 'certificate-changed' });
  if (isNonEmpty(reasons)) return change(target, reasons, truth, guard);
  const wanted = certificateIn(fileAt(guard.inventory, certificate.kind === 'rewrite' ? certificate.from : leaf.path));
  const [first, ...more] = content.certificates;
  const same = more.length === 0 && first.fingerprint === wanted?.fingerprint;
  if (!same || content.key.publicKey !== found?.publicKey) return change(target, [{ code: 'stale' }], truth, guard);
  const placement = placementReasons(target, file, guard.inventory);
  return isNonEmpty(placement) ? repair(target, placement, target.path, truth, guard) : keep(target, truth, guard);
}

function issues({ kind }: Action): boolean {
  return kind === 'create' || kind === 'replace';
}
