import { openRoot, type LiveRoot } from '../../apply/backup/root.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { readArchive, rootsIn, type ArchivedFolder } from '../../inventory/archive.ts';
import { rootState } from '../../inventory/state.ts';
import type { Inventory } from '../../inventory/types.ts';
import type { World } from '../../kernel/ports.ts';
import { Secret } from '../../kernel/secret.ts';
import { commonNameOf } from '../../pki/certificate-read.ts';
import { placeOf } from '../../plan/actions.ts';
import type { CaPlan } from '../../plan/types.ts';
import type { Project } from '../project.ts';
import type { BackedUpRoot } from './types.ts';
import { sha256 } from '../../pki/public-key.ts';

const LIMIT = 4 * 1024 * 1024;

/** The root that signs; undefined while its key is not there. Throws `key-unreadable` and the like where it cannot. */
export function readLiveRoot({ files }: World, ca: CaPlan, { manifest }: Inventory): LiveRoot | undefined {
  const [keyPath, certificatePath] = [placeOf(ca.key), placeOf(ca.certificate)];
  const key = files.read(keyPath, LIMIT);
  if (!key) return undefined;
  const recorded = manifest.get(keyPath);
  const isRecorded = recorded?.hash === sha256(key);
  const known = { publicKey: recorded?.publicKey, keyKind: recorded?.keyKind };
  const root = openRoot(
    ca.name,
    new Secret(key),
    files.read(certificatePath, LIMIT),
    isRecorded ? known : { publicKey: undefined, keyKind: undefined },
  );
  if (!('fault' in root)) return root;
  if (root.place === 'key') return fail('key-unreadable', { why: root.fault }, { file: keyPath });
  if (root.place === 'both') return fail('root-key-mismatch', {}, { file: keyPath });
  return fail('certificate-unreadable', {}, { file: certificatePath });
}

/** The folders of the archive with a root in them: those of hosts are cheap to issue anew. */
export function readArchivedRoots({ files }: World, { desired }: Project): ArchivedFolder[] {
  const { key, sharedFolder } = desired.ca;
  const ofRoot = (folder: ArchivedFolder) =>
    sharedFolder !== undefined ||
    rootsIn(folder).certificates.length > 0 ||
    folder.files.some(({ path }) => path === key.path);
  return readArchive(files, rootState(desired)).filter(ofRoot);
}

/** What is in a backup, in words. */
export function rootsOf(live: LiveRoot | undefined, archive: readonly ArchivedFolder[]): BackedUpRoot[] {
  const archived = archive.flatMap((folder) => rootsIn(folder).certificates.map(({ facts }) => facts));
  return [
    ...(live ? [{ state: 'live' as const, name: live.name, fingerprint: live.certificate?.facts.fingerprint }] : []),
    ...archived.map((facts) => ({
      state: 'archived' as const,
      name: commonNameOf(facts) ?? '',
      fingerprint: facts.fingerprint,
    })),
  ];
}
