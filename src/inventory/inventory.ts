import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Artifact, Desired, DesiredCa } from '../desired/types.ts';
import { ReadFault, type Clock, type Files } from '../kernel/ports.ts';
import { publicKeyOf, readCertificates } from '../pki/certificate-read.ts';
import { dirname, join } from 'node:path';
import { isInside } from '../kernel/path.ts';
import { holdsKey } from './holds-key.ts';
import { resolveGroups } from './groups.ts';
import { journalPath, readJournal } from './journal.ts';
import { readManifest } from './manifest.ts';
import { fileReader, type RootKey } from './read-file.ts';
import { linkObstacle } from './version.ts';
import { projectState, type StatePlace, type StatePlaces } from './state.ts';
import type { FileState, Inventory, Manifest, ManifestEntry, Unfinished } from './types.ts';

const KEY_LIMIT = 1024 * 1024;

/** What is on the disk: every declared path and every recorded one, read once. Writes nothing. */
export function takeInventory(desired: Desired, files: Files, clock: Clock): Inventory {
  const places = projectState(desired);
  const manifest = readManifests(files, places);
  const states = new Map<string, FileState>();
  // One reader for all: to look at an RSA-4096 key twice costs more than ten certificates.
  let roots: readonly RootKey[] = [];
  const readFile = fileReader(files, () => roots);
  const escape = escapes(files, desired.root);
  const read: typeof readFile = (path, as) => {
    const folder = holdsKey(as) ? escape(path) : undefined;
    return folder === undefined ? readFile(path, as) : { state: 'outside', folder };
  };
  const key = recordedKey(read(desired.ca.key.path, 'key'), manifest.get(desired.ca.key.path));
  roots = rootKeys(desired.ca, key, manifest, files);
  const switches = switchStates(files);
  for (const { path, artifact, link } of artifactsOf(desired)) {
    states.set(path, (link === undefined ? undefined : switches(link)) ?? read(path, artifact));
  }
  for (const [path, entry] of manifest) {
    if (!states.has(path)) states.set(path, read(path, entry.artifact as Artifact['artifact']));
  }
  return {
    files: new Map([...states].map(([path, state]) => [path, recordedKey(state, manifest.get(path))])),
    manifest,
    configs: configsOf(desired, manifest, files),
    outDir: folderAt(desired.outDir.path, files),
    groups: resolveGroups(artifactsOf(desired), files),
    unfinished: [places.project, places.shared].flatMap((place) => unfinishedAt(place, files)),
    at: clock.now(),
  };
}

function unfinishedAt(place: StatePlace | undefined, files: Files): Unfinished[] {
  const journal = place && readJournal(files, place);
  return place && journal ? [{ path: journalPath(place), began: journal.at }] : [];
}

/** What keeps a link from being switched is in the way of all that lies behind it. */
function switchStates(files: Files): (link: string) => FileState | undefined {
  const known = new Map<string, FileState | undefined>();
  return (link) => {
    if (!known.has(link)) known.set(link, switchState(files, link));
    return known.get(link);
  };
}

function switchState(files: Files, link: string): FileState | undefined {
  try {
    const found = linkObstacle(files, link);
    return found && { state: 'unswitchable', folder: link, ...found };
  } catch (error) {
    if (error instanceof ReadFault) return { state: 'unreadable', why: error.code };
    throw error;
  }
}

/**
 * Where a path of the project really leads, if that is out of the project: whoever can make a link would have a key
 * written elsewhere. A path that is declared outside is where the user wants it.
 */
function escapes(files: Files, root: string): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  let realRoot: string | undefined;
  return (path) => {
    const folder = dirname(path);
    if (!isInside(root, folder)) return undefined;
    if (known.has(folder)) return known.get(folder);
    realRoot ??= files.realPath(root);
    const real = files.realPath(folder);
    const found = isInside(realRoot, real) ? undefined : real;
    known.set(folder, found);
    return found;
  };
}

/** What another configuration in this folder made is that one's, as long as it is there. */
function configsOf({ root }: Desired, manifest: Manifest, files: Files): ReadonlySet<string> {
  const recorded = new Set([...manifest.values()].map(({ config }) => config));
  return new Set([...recorded].filter((config) => folderOrFile(join(root, config), files)));
}

function folderOrFile(path: string, files: Files): boolean {
  try {
    return files.entry(path) !== undefined;
  } catch {
    return true; // it cannot be looked at, so nothing says that it is gone
  }
}

/** A folder that cannot be looked at is one that its files will tell of. */
function folderAt(path: string, files: Files): Inventory['outDir'] {
  try {
    const entry = files.entry(path);
    return entry?.kind === 'folder' ? entry : undefined;
  } catch {
    return undefined;
  }
}

export function artifactsOf(desired: Desired): Artifact[] {
  const { ca } = desired;
  const hosts = desired.hosts.flatMap((host) => [
    host.key,
    host.certificate,
    host.csr,
    host.fullchain,
    host.combined,
    host.pfx,
  ]);
  const proxies = desired.proxies.flatMap(({ files, copy }) => [...files, copy]);
  return [ca.key, ca.certificate, ca.copy, ...hosts, ...proxies].filter((artifact) => artifact !== undefined);
}

function readManifests(files: Files, { project, shared }: StatePlaces): Manifest {
  const own = readManifest(files, project.folder, project.base);
  return shared ? new Map([...own, ...readManifest(files, shared.folder, shared.base)]) : own;
}

/** The keys that signatures are checked with: that of the root's private key first, where that one is known. */
function rootKeys(ca: DesiredCa, key: FileState, manifest: Manifest, files: Files): RootKey[] {
  const wanted = key.state === 'file' && key.content.type === 'key' ? key.content.facts.publicKey : undefined;
  // An earlier configuration may have had it elsewhere.
  const recorded = [...manifest].filter(([, { owner, artifact }]) => owner === ca.id && artifact === 'certificate');
  const declared = ca.copy ? [ca.certificate.path, ca.copy.path] : [ca.certificate.path];
  const paths = new Set([...declared, ...recorded.map(([path]) => path)]);
  const found = new Map(
    [...paths].flatMap((path) => certificateKey(files, path) ?? []).map((root) => [root.publicKey, root]),
  );
  const known = wanted === undefined ? undefined : (found.get(wanted)?.key ?? privateKey(files, ca.key.path));
  if (wanted === undefined || !known) return [...found.values()];
  found.delete(wanted);
  return [{ publicKey: wanted, key: known }, ...found.values()];
}

/** The public half; undefined while it is encrypted. */
function privateKey(files: Files, path: string): KeyObject | undefined {
  try {
    const bytes = files.read(path, KEY_LIMIT);
    return bytes && createPublicKey({ key: bytes, format: 'pem' });
  } catch {
    return undefined; // encrypted, or not a key: its own file state says so
  }
}

function certificateKey(files: Files, path: string): RootKey | undefined {
  try {
    const bytes = files.read(path, KEY_LIMIT);
    const first = bytes && readCertificates(bytes)[0];
    return first && { key: publicKeyOf(first.der), publicKey: first.facts.publicKey };
  } catch {
    return undefined; // not a certificate: its own file state says so
  }
}

/** An encrypted key is known by its record: the same bytes hold the same key, and nobody has to be asked. */
function recordedKey(state: FileState, recorded: ManifestEntry | undefined): FileState {
  if (state.state !== 'file' || state.content.type !== 'key' || state.content.facts.publicKey !== undefined)
    return state;
  if (!recorded?.publicKey || recorded.hash !== state.hash) return state;
  const facts = { ...state.content.facts, publicKey: recorded.publicKey, keyKind: recorded.keyKind };
  return { ...state, content: { ...state.content, facts } };
}
