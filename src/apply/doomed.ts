import type { Desired } from '../desired/types.ts';
import { artifactsOf } from '../inventory/inventory.ts';
import type { FileState, Inventory, ManifestEntry } from '../inventory/types.ts';
import type { OwnerId } from '../kernel/ids.ts';

/** A file that goes. */
interface DoomedFile {
  /** Absolute. */
  readonly path: string;
  readonly owner: OwnerId;
  readonly artifact: string;
  /** SHA-256 of what it holds: it goes only as long as it holds that. */
  readonly hash: string;
}

/**
 * Why a file stays: `changed` since rcssl wrote it, `not-ours`, `no-file` (a folder or a link stands there), `unreadable`,
 * `other-config` (another configuration in this folder has it), `shared-root` (other projects use it), `archived` (it was
 * replaced once, and no backup has it).
 */
export type StayReason =
  | 'changed'
  | 'not-ours'
  | 'no-file'
  | 'unreadable'
  | 'other-config'
  | 'shared-root'
  | 'archived';

export interface Doomed {
  readonly files: readonly DoomedFile[];
  readonly left: readonly { readonly path: string; readonly why: StayReason }[];
  /** The root's own files are among them. */
  readonly takesRoot: boolean;
  /** Nothing else is known here: the folder of state goes too. */
  readonly takesState: boolean;
}

/** Everything that rcssl owns here, as its manifest says and the files still prove; and what is declared and stays. Pure. */
export function doomed(desired: Desired, inventory: Inventory, sharedRoot: boolean): Doomed {
  const { ca, configFile } = desired;
  const isOther = ({ config }: ManifestEntry) => config !== configFile && inventory.configs.has(config);
  const others = [...inventory.manifest.values()].filter((entry) => !entry.owner.startsWith('ca:') && isOther(entry));
  const takesRoot = ca.sharedFolder === undefined ? others.length === 0 : sharedRoot;
  const files: DoomedFile[] = [];
  const left: { path: string; why: StayReason }[] = [];
  const paths = new Set([...inventory.manifest.keys(), ...artifactsOf(desired).map(({ path }) => path)]);
  for (const path of [...paths].sort()) {
    const entry = inventory.manifest.get(path);
    const state = inventory.files.get(path) ?? { state: 'missing' };
    if (state.state === 'missing') continue;
    const why = entry
      ? reasonToStay(entry, state, { isOther: isOther(entry), takesRoot, copy: ca.copy?.path === path })
      : stayOf(state);
    if (why !== undefined) left.push({ path, why });
    else if (entry && state.state === 'file') {
      files.push({ path, owner: entry.owner, artifact: entry.artifact, hash: state.hash });
    }
  }
  return { files, left, takesRoot, takesState: others.length === 0 };
}

/** A record may be anybody's, who sends a clone: what goes is a certificate, a key or a request, as recorded. */
function reasonToStay(
  entry: ManifestEntry,
  state: FileState,
  { isOther, takesRoot, copy }: { readonly isOther: boolean; readonly takesRoot: boolean; readonly copy: boolean },
): StayReason | undefined {
  if (entry.owner.startsWith('ca:')) {
    if (!takesRoot && !copy) return 'shared-root';
  } else if (isOther) return 'other-config';
  if (state.state !== 'file') return stayOf(state);
  return state.hash === entry.hash && state.content.type !== 'malformed' ? undefined : 'changed';
}

function stayOf({ state }: FileState): StayReason {
  if (state === 'file') return 'not-ours';
  return state === 'unreadable' ? 'unreadable' : 'no-file';
}
