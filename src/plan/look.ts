import type { Artifact, KeyArtifact } from '../desired/types.ts';
import type { CertificateFacts, KeyFacts, RequestFacts } from '../pki/facts.ts';
import type { FileState, Inventory } from '../inventory/types.ts';
import type { Action, PlanOptions, Reason, Reasons } from './types.ts';

/** The inventory as the plan asks it. */
export function fileAt(inventory: Inventory, path: string): FileState {
  return inventory.files.get(path) ?? { state: 'missing' };
}

export function keyIn(file: FileState): KeyFacts | undefined {
  return file.state === 'file' && file.content.type === 'key' ? file.content.facts : undefined;
}

export function certificateIn(file: FileState): CertificateFacts | undefined {
  return file.state === 'file' && file.content.type === 'certificates' ? file.content.certificates[0] : undefined;
}

/** The first certificate of a file, where the root's key signed it. */
export function ownCertificateIn(file: FileState): CertificateFacts | undefined {
  const { content } = file.state === 'file' ? file : { content: undefined };
  return content?.type === 'certificates' && content.signedByRoot ? content.certificates[0] : undefined;
}

export function requestIn(file: FileState): RequestFacts | undefined {
  return file.state === 'file' && file.content.type === 'request' ? file.content.facts : undefined;
}

export function isNonEmpty(reasons: readonly Reason[]): reasons is Reasons {
  return reasons.length > 0;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** What keeps rcssl from touching a path at all. */
export function obstacle(file: FileState): Reason | undefined {
  if (file.state === 'not-a-file') return { code: 'not-a-file', what: file.what };
  return file.state === 'unreadable' ? { code: 'unreadable', why: file.why } : undefined;
}

/** What is wrong with a file whose content is right: its mode, its group, its encoding. */
export function placementReasons(target: Artifact, file: FileState, inventory: Inventory): Reason[] {
  if (file.state !== 'file') return [];
  const reasons: Reason[] = [];
  if (file.mode !== undefined && file.mode !== target.mode) {
    reasons.push({ code: 'mode', from: octal(file.mode), to: octal(target.mode) });
  }
  const gid = target.group === undefined ? undefined : inventory.groups.get(target.group);
  if (gid !== undefined && file.mode !== undefined && file.gid !== gid) {
    reasons.push({ code: 'group', from: String(file.gid), to: String(target.group) });
  }
  if (file.content.type !== 'malformed' && !file.content.canonical) {
    const from = file.content.type === 'key' ? file.content.facts.encoding : 'other';
    reasons.push({ code: 'encoding', from, to: file.content.type === 'key' ? 'pkcs8' : 'pem' });
  }
  return reasons;
}

/** How a plan knows that it may overwrite: by what the file says (`truth`), by the manifest, or by the user's word. */
export interface Guard {
  readonly inventory: Inventory;
  readonly options: PlanOptions;
  readonly former: ReadonlyMap<string, readonly string[]>;
}

/** The action that changes what is at the path of `target`: nothing there, a file of ours, or one that is not. */
export function change<A extends Artifact>(
  target: A,
  reasons: Reasons,
  truth: boolean,
  { inventory, options }: Guard,
  keepOld = false,
): Action<A> {
  const file = fileAt(inventory, target.path);
  if (file.state !== 'file') return { kind: 'create', target, reasons };
  const recorded = inventory.manifest.get(target.path);
  const foreign = !truth && !recorded;
  if (foreign && !options.adopt.includes(target.path)) {
    return { kind: 'blocked', target, reasons: [{ code: 'not-ours' }, ...reasons] };
  }
  const why: Reasons = foreign ? [{ code: 'adopted' }, ...reasons] : reasons;
  return { kind: 'replace', target, reasons: why, archive: keepOld || (!truth && recorded?.hash !== file.hash) };
}

/** The action that puts the same content, found at `from`, in its right form and place. */
export function repair<A extends Artifact>(
  target: A,
  reasons: Reasons,
  from: string,
  truth: boolean,
  guard: Guard,
): Action<A> {
  const action = change(target, reasons, truth, guard);
  if (action.kind === 'blocked') return action;
  return {
    kind: 'rewrite',
    target,
    reasons: action.kind === 'replace' ? action.reasons : reasons,
    from,
    archive: action.kind === 'replace' && action.archive,
  };
}

/** The paths where an earlier configuration had this artifact, sorted. */
export function formerPaths({ owner, artifact }: Artifact, { former }: Guard): readonly string[] {
  return former.get(`${artifact} ${owner}`) ?? [];
}

/** What the manifest records at paths that nothing declares any more, by artifact and owner. */
export function formerIndex(declared: ReadonlySet<string>, { manifest }: Inventory): Guard['former'] {
  const index = new Map<string, string[]>();
  for (const path of [...manifest.keys()].sort()) {
    const entry = manifest.get(path);
    if (!entry || declared.has(path)) continue;
    const key = `${entry.artifact} ${entry.owner}`;
    index.set(key, [...(index.get(key) ?? []), path]);
  }
  return index;
}

/** A new key never comes to stand beside a certificate that has to stay. */
export function besideBlocked(key: Action<KeyArtifact>, certificate: Action): Action<KeyArtifact> {
  const fresh = key.kind === 'create' || key.kind === 'replace';
  if (!fresh || certificate.kind !== 'blocked') return key;
  return { kind: 'blocked', target: key.target, reasons: [{ code: 'waits', on: key.target.owner }, ...key.reasons] };
}
