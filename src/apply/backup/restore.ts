import { join } from 'node:path';
import type { Desired } from '../../desired/types.ts';
import { diagnostic, fail, RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { ARCHIVED_LIMIT, archiveFolder, type ArchivedFolder } from '../../inventory/archive.ts';
import { projectState, rootState } from '../../inventory/state.ts';
import type { FileState, Inventory, ManifestEntry } from '../../inventory/types.ts';
import type { Files, World } from '../../kernel/ports.ts';
import { commonNameOf } from '../../pki/certificate-read.ts';
import { placeOf } from '../../plan/actions.ts';
import type { Action, CaPlan, Plan } from '../../plan/types.ts';
import { folderWrites } from '../archive.ts';
import { ignoreFile, partsOf, stateUnit } from '../parts.ts';
import { manifestWrites } from '../record.ts';
import { commit } from '../transaction.ts';
import type { Unit } from '../types.ts';
import { unitOf, type Output } from '../unit.ts';
import type { Backup } from './payload.ts';
import type { LiveRoot } from './root.ts';
import { sha256 } from '../../pki/public-key.ts';

/** What a backup has and the disk has not. */
export interface Restoration {
  /** Of the live root: the files of it that are missing, in the places that the configuration declares. */
  readonly root: Unit;
  readonly archive: readonly ArchivedFolder[];
}

const MISSING: FileState = { state: 'missing' };

/**
 * Compares a backup with what is there. Nothing gives way to it: throws `restore-undeclared` where the configuration
 * wants another root, `restore-other-root` where another one is in its place, and `restore-archive-differs`.
 */
export function missingFrom(
  { root, archive }: Backup,
  desired: Desired,
  { inventory, plan }: { readonly inventory: Inventory; readonly plan: Plan },
  files: Files,
): Restoration {
  if (root) checkDeclared(root, desired);
  const place = rootState(desired).folder;
  return {
    root: unitOf(desired.ca.id, root ? rootOutputs(root, plan.ca, inventory) : [], inventory),
    archive: archive.filter((folder) => !isArchived(folder, place, files)),
  };
}

/** Puts it in place as an apply does: one transaction with the archive and the manifest. Runs under the lock. */
export async function restore(
  world: World,
  desired: Desired,
  inventory: Inventory,
  { root, archive }: Restoration,
  { signal, durable = true }: { readonly signal?: AbortSignal; readonly durable?: boolean },
): Promise<void> {
  const places = projectState(desired);
  const archives = archive.flatMap(({ folder, at, files }) =>
    folderWrites(
      join(archiveFolder(rootState(desired).folder), folder),
      at,
      files.map(({ file, path, content }) => ({ file, path, bytes: content.reveal() })),
      rootState(desired),
    ),
  );
  const records = root.records.map(([path, record]): [string, ManifestEntry] => [
    path,
    { config: desired.configFile, ...record },
  ]);
  const manifest = new Map([...inventory.manifest, ...records]);
  const units = [
    stateUnit(root.owner, archives),
    root,
    stateUnit(root.owner, [
      ...manifestWrites(manifest, inventory.manifest, places),
      ...ignoreFile(world.files, places.project.folder),
    ]),
  ];
  await commit(world, { parts: partsOf(places, units), now: inventory.at, durable, signal });
}

/** A root of another name or kind of key would be replaced by the next apply. */
function checkDeclared({ certificate, keyKind, ...root }: LiveRoot, { ca }: Desired): void {
  const name = (certificate && commonNameOf(certificate.facts)) ?? root.name;
  if (name !== ca.name) {
    fail('restore-undeclared', { field: 'name', found: name, declared: ca.name });
  }
  if (keyKind !== undefined && keyKind !== ca.key.keyKind) {
    fail('restore-undeclared', { field: 'key', found: keyKind, declared: ca.key.keyKind });
  }
}

function rootOutputs(root: LiveRoot, ca: CaPlan, { files }: Inventory): Output[] {
  const at = (path: string) => files.get(path) ?? MISSING;
  const problems = [ca.key, ca.certificate].map(placeOf).flatMap((path) => obstacle(path, at(path), root));
  if (problems.length > 0) throw new RcsslError(problems);
  const create = (planned: Action, bytes: Buffer, pair?: Output['pair']): Output[] => {
    const { target } = planned;
    return at(placeOf(planned)).state === 'missing'
      ? [{ action: { kind: 'create', target, reasons: [{ code: 'missing' }] }, bytes, ...(pair && { pair }) }]
      : [];
  };
  const { publicKey, keyKind: kind } = root;
  const pair = publicKey !== undefined && kind !== undefined ? { publicKey, kind } : undefined;
  const key = create(ca.key, root.key.reveal(), pair);
  if (!root.certificate) return key;
  const certificate = create(ca.certificate, root.certificate.bytes);
  // Where a certificate stays it may be a newer one, and apply copies that.
  const copy = ca.copy && certificate.length > 0 ? create(ca.copy, root.certificate.bytes) : [];
  return [...key, ...certificate, ...copy];
}

/** What stands at a place of the root and is not of it. A certificate of the same key may be a newer one: it stays. */
function obstacle(path: string, file: FileState, root: LiveRoot): Diagnostic[] {
  if (file.state === 'outside') return [diagnostic('restore-outside', { folder: file.folder }, { file: path })];
  if (file.state === 'unreadable') return [diagnostic('system-refuses', { why: file.why, path }, { file: path })];
  if (file.state === 'missing' || (file.state === 'file' && isOfRoot(file, root))) return [];
  const content = file.state === 'file' ? file.content : undefined;
  const facts = content?.type === 'certificates' ? content.certificates[0] : undefined;
  const other = facts && { name: commonNameOf(facts) ?? '', fingerprint: facts.fingerprint };
  const what = other ?? (content?.type === 'key' ? 'key' : 'other');
  return [diagnostic('restore-other-root', { path, what }, { file: path })];
}

function isOfRoot({ hash, content }: FileState & { readonly state: 'file' }, root: LiveRoot): boolean {
  const wanted = root.publicKey ?? root.certificate?.facts.publicKey;
  if (content.type === 'certificates') return content.certificates[0].publicKey === wanted;
  if (content.type !== 'key') return false;
  // One that is encrypted and in no record is known by its bytes alone.
  return content.facts.publicKey === undefined
    ? hash === sha256(root.key.reveal())
    : content.facts.publicKey === wanted;
}

/** Somebody may have taken a part of a folder away; a file that says something else is somebody's. */
function isArchived({ folder, files: wanted }: ArchivedFolder, place: string, files: Files): boolean {
  const path = join(archiveFolder(place), folder);
  const kind = files.entry(path)?.kind;
  if (kind !== undefined && kind !== 'folder') fail('restore-archive-differs', { path }, { file: path });
  const found = wanted.map(({ file, content }) => {
    const there = files.read(join(path, file), ARCHIVED_LIMIT);
    if (there && !there.equals(content.reveal())) fail('restore-archive-differs', { path }, { file: path });
    return there !== undefined;
  });
  return found.every(Boolean) && kind !== undefined;
}
