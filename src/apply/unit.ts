import type { Artifact } from '../desired/types.ts';
import { holdsKey } from '../inventory/holds-key.ts';
import type { Inventory, ManifestEntry } from '../inventory/types.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { KeyPair } from '../pki/keys.ts';
import type { Action } from '../plan/types.ts';
import type { Unit, Write } from './types.ts';
import { sha256 } from '../pki/public-key.ts';

/** New content for the file of an action. */
export interface Output {
  readonly action: Action;
  readonly bytes: Buffer;
  /** Of a key, as far as it is known. */
  readonly pair?: Pick<KeyPair, 'publicKey'> & { readonly kind: string };
}

const SECRET_FOLDER = 0o700;
const PUBLIC_FOLDER = 0o755;

/** The files of one owner in the order in which they take their places: key, certificate, what follows from it. */
export function unitOf(owner: OwnerId, outputs: readonly Output[], inventory: Inventory): Unit {
  const order: Artifact['artifact'][] = ['key', 'certificate', 'fullchain', 'combined', 'pfx', 'copy', 'csr', 'proxy'];
  const sorted = [...outputs].sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
  const newKey = sorted.some(({ action: { kind, target } }) => target.artifact === 'key' && kind !== 'rewrite');
  const beside = sorted.filter((output) => ['certificate', 'fullchain'].includes(kindOf(output)));
  return {
    owner,
    link: sorted[0]?.action.target.link,
    clear: newKey ? beside.map(({ action }) => action.target.path) : [],
    writes: sorted.map((output) => writeOf(output, inventory)),
    archives: sorted
      .filter(({ action }) => 'archive' in action && action.archive)
      .map(({ action }) => action.target.path),
    records: sorted.map((output) => [output.action.target.path, recordOf(output)]),
  };
}

function kindOf({ action }: Output): Artifact['artifact'] {
  return action.target.artifact;
}

function writeOf({ action: { target }, bytes }: Output, { groups }: Inventory): Write {
  const gidOf = (group: Artifact['group']) => (group === undefined ? undefined : groups.get(group));
  return {
    path: target.path,
    bytes,
    mode: target.mode,
    gid: gidOf(target.group),
    folderMode: target.folder.mode ?? (holdsKey(target.artifact) ? SECRET_FOLDER : PUBLIC_FOLDER),
    folderGid: gidOf(target.folder.group),
    secret: target.artifact === 'key',
  };
}

function recordOf({ action: { target }, bytes, pair }: Output): Omit<ManifestEntry, 'config'> {
  return {
    owner: target.owner,
    artifact: target.artifact,
    hash: sha256(bytes),
    ...(pair ? { publicKey: pair.publicKey, keyKind: pair.kind } : {}),
  };
}
