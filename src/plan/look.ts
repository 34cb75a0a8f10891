import type { Artifact, KeyArtifact } from '../desired/types.ts';
import type { CertificateFacts, KeyFacts, RequestFacts } from '../pki/facts.ts';
import type { FileState, Inventory, ManifestEntry } from '../inventory/types.ts';
import { ownerName } from '../kernel/ids.ts';
import { formatMode } from '../kernel/mode.ts';
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

/** The first certificate of a file, where a root of ours signed it. */
export function ownCertificateIn(file: FileState): CertificateFacts | undefined {
  const { content } = file.state === 'file' ? file : { content: undefined };
  if (content?.type !== 'certificates' || content.signer === 'none' || content.signer === 'unknown') return undefined;
  return content.certificates[0];
}

export function requestIn(file: FileState): RequestFacts | undefined {
  return file.state === 'file' && file.content.type === 'request' ? file.content.facts : undefined;
}

export function isNonEmpty(reasons: readonly Reason[]): reasons is Reasons {
  return reasons.length > 0;
}

/** What keeps rcssl from touching a path at all. */
export function obstacle(file: FileState): Reason | undefined {
  if (file.state === 'not-a-file') return { code: 'not-a-file', what: file.what };
  if (file.state === 'outside') return { code: 'outside', to: file.folder };
  if (file.state === 'unswitchable')
    return { code: 'unswitchable', folder: file.folder, what: file.what, why: file.why };
  return file.state === 'unreadable' ? { code: 'unreadable', why: file.why } : undefined;
}

/** What is wrong with a file whose content is right: its mode, its group, its encoding. */
export function placementReasons(target: Artifact, file: FileState, inventory: Inventory): Reason[] {
  if (file.state !== 'file') return [];
  const reasons: Reason[] = [];
  if (file.mode !== undefined && file.mode !== target.mode) {
    reasons.push({ code: 'mode', from: formatMode(file.mode), to: formatMode(target.mode) });
  }
  const gid = target.group === undefined ? undefined : inventory.groups.get(target.group);
  if (gid !== undefined && file.mode !== undefined && file.gid !== gid) {
    reasons.push({ code: 'group', from: String(file.gid), to: String(target.group) });
  }
  const { content } = file;
  if (content.type === 'text') return reasons;
  const [, more] = content.type === 'certificates' && target.artifact !== 'fullchain' ? content.certificates : [];
  if (more) reasons.push({ code: 'encoding', from: 'several certificates', to: 'one' });
  else if (content.type !== 'malformed' && !content.canonical) {
    const from = content.type === 'key' ? content.facts.encoding : 'other';
    reasons.push({ code: 'encoding', from, to: content.type === 'key' ? 'pkcs8' : 'pem' });
  }
  return reasons;
}

/** How a plan knows that it may overwrite: by what the file says (`truth`), by the manifest, or by the user's word. */
export interface Guard {
  readonly inventory: Inventory;
  readonly options: PlanOptions;
  /** The configuration's name in the manifest. */
  readonly config: string;
  /** Where each artifact of each owner is recorded. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
}

/** What the manifest says of a path, where this configuration may rely on it. */
export function recordAt(path: string, { inventory, config }: Guard): ManifestEntry | undefined {
  const entry = inventory.manifest.get(path);
  return entry && (entry.config === config || isOfRoot(entry) || !inventory.configs.has(entry.config))
    ? entry
    : undefined;
}

function isOfRoot({ owner }: ManifestEntry): boolean {
  return owner.startsWith('ca:');
}

/** The file is recorded as this very artifact of this very owner. */
export function isRecordedAs({ owner, artifact }: Artifact, entry: ManifestEntry | undefined): boolean {
  return entry?.owner === owner && entry.artifact === artifact;
}

/** What stands at the path of `target` and is not to be touched for its sake. */
function claim(target: Artifact, guard: Guard): Reason | undefined {
  const entry = guard.inventory.manifest.get(target.path);
  if (!entry) return undefined;
  const foreign = recordAt(target.path, guard) === undefined;
  if (!foreign && isRecordedAs(target, entry)) return undefined;
  if (isOfRoot(entry) && entry.artifact === 'key') return { code: 'root-key', root: ownerName(entry.owner) };
  return foreign && !guard.options.adopt.includes(target.path)
    ? { code: 'of-another-config', config: entry.config }
    : undefined;
}

/** The file is as it should be: it stays, if it is ours to keep. */
export function keep<A extends Artifact>(target: A, truth: boolean, guard: Guard): Action<A> {
  const claimed = claim(target, guard);
  if (claimed) return { kind: 'blocked', target, reasons: [claimed] };
  const owned = truth || recordAt(target.path, guard) !== undefined || guard.options.adopt.includes(target.path);
  return owned ? { kind: 'keep', target, owned } : { kind: 'blocked', target, reasons: [{ code: 'not-ours' }] };
}

/** The action that changes what is at the path of `target`: nothing there, a file of ours, or one that is not. */
export function change<A extends Artifact>(
  target: A,
  reasons: Reasons,
  truth: boolean,
  guard: Guard,
  keepOld = false,
): Action<A> {
  const { inventory, options } = guard;
  const file = fileAt(inventory, target.path);
  if (file.state !== 'file') return { kind: 'create', target, reasons };
  const claimed = claim(target, guard);
  if (claimed) return { kind: 'blocked', target, reasons: [claimed] };
  const entry = recordAt(target.path, guard);
  const foreign = !truth && !entry;
  if (foreign && !options.adopt.includes(target.path)) {
    return { kind: 'blocked', target, reasons: [{ code: 'not-ours' }, ...reasons] };
  }
  const why: Reasons = foreign ? [{ code: 'adopted' }, ...reasons] : reasons;
  // Only what rcssl wrote for this very place is of no worth to anybody.
  const known = truth || (isRecordedAs(target, entry) && entry?.hash === file.hash);
  return { kind: 'replace', target, reasons: why, archive: keepOld || !known };
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
  const replaces = action.kind === 'replace';
  // In its own place nothing is lost; and a key that gets its passphrase must not stay somewhere without one.
  const archive = replaces && action.archive && from !== target.path;
  return { kind: 'rewrite', target, reasons: replaces ? action.reasons : reasons, from, archive };
}

/** Other paths where this artifact of this owner is recorded, sorted: an earlier configuration had it there. */
export function formerPaths({ owner, artifact, path }: Artifact, { recorded }: Guard): readonly string[] {
  return (recorded.get(`${artifact} ${owner}`) ?? []).filter((other) => other !== path);
}

/** What the manifest records of this configuration, by artifact and owner. */
export function recordIndex(config: string, { manifest, configs }: Inventory): Guard['recorded'] {
  const index = new Map<string, string[]>();
  for (const path of [...manifest.keys()].sort()) {
    const entry = manifest.get(path);
    if (!entry || (entry.config !== config && !isOfRoot(entry) && configs.has(entry.config))) continue;
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
