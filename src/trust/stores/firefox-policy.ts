import { basename, dirname, join } from 'node:path';
import type { System } from '../../kernel/ports.ts';
import { isFolder } from '../ask.ts';
import { installedBy, parsePolicies, withCertificate, withoutCertificate } from '../policies.ts';
import type { Place, Step, TrustPorts, TrustRoot, TrustStore } from '../types.ts';

const LIMIT = 1024 * 1024;

/** Where Firefox itself is installed; its policies lie in `distribution`. */
const INSTALLATIONS: Record<Exclude<System, 'windows'>, readonly string[]> = {
  linux: ['/usr/lib/firefox-esr', '/usr/lib/firefox', '/usr/lib64/firefox', '/opt/firefox'],
  macos: ['/Applications/Firefox.app/Contents/Resources'],
};

const copyOf = ({ at }: Place) => `${at}.before-rcssl`;
const fileOf = ({ at }: Place, { id }: TrustRoot) => join(dirname(at), `${id}.pem`);

/**
 * `Certificates.Install` of policies.json, merged into what is there. For a Firefox whose profiles are not made yet.
 * A profile that was opened meanwhile keeps the root once the policy is gone, so `untrust` takes it out there too.
 */
export const firefoxPolicy: TrustStore = {
  title: 'Firefox policy',
  chosen: 'named',
  async detect(ports, known = []) {
    const { system } = ports.computer();
    if (system === 'windows') return { skip: { code: 'takes-system' } };
    const there = known.filter((at) => ports.files.entry(at) !== undefined);
    const [first, ...rest] = new Set([...policyFiles(ports, system), ...there]);
    if (first === undefined) return { skip: { code: 'not-found', what: 'firefox' } };
    const places = [first, ...rest].map((at) => placeAt(ports, at));
    const broken = places.find(({ text }) => text !== undefined && parsePolicies(text) === undefined);
    if (broken) return { skip: { code: 'not-json', path: broken.at } };
    return { places: places as [Place, ...Place[]] };
  },
  async isTrusted(ports, place, root) {
    const path = fileOf(place, root);
    const isListed = installedBy(place.text).includes(path);
    const isThere = ports.files.entry(path) !== undefined;
    return { trusted: isListed && isThere, ...((isListed || isThere) && { name: root.id }) };
  },
  install: (place, root) => [
    run(['mkdir', '-p', dirname(place.at)]),
    run(['install', '-m', '0644', root.file, fileOf(place, root)]),
    ...(place.text === undefined || place.before !== undefined ? [] : [run(['cp', '-p', place.at, copyOf(place)])]),
    run(['tee', place.at], withCertificate(place.text, fileOf(place, root))),
  ],
  remove(place, root) {
    const { text, before } = place;
    const next = text === undefined ? undefined : withoutCertificate(text, fileOf(place, root), before);
    return [...restore(place, next), run(['rm', '-f', fileOf(place, root)])];
  },
};

function restore(place: Place, next: string | undefined): Step[] {
  if (place.text === undefined) return [];
  if (next === undefined) return [run(['rm', '-f', place.at])];
  const forgotten = place.before === undefined ? [] : [run(['rm', '-f', copyOf(place)])];
  // Copied back and not moved: the file may be a link of the administrator's.
  if (next === place.before) return [run(['cp', copyOf(place), place.at]), ...forgotten];
  const isOver = !installedBy(next).some((path) => /^rcssl-[0-9a-f]{12}\.pem$/.test(basename(path)));
  return [run(['tee', place.at], next), ...(isOver ? forgotten : [])];
}

function run(argv: readonly string[], input?: string): Step {
  return { do: 'run', argv, needs: 'root', ...(input !== undefined && { input }) };
}

/** The one in /etc, where there is one, is read instead of all others. */
function policyFiles({ files }: TrustPorts, system: keyof typeof INSTALLATIONS): string[] {
  const shared = '/etc/firefox/policies/policies.json';
  if (system === 'linux' && files.entry(shared) !== undefined) return [shared];
  return INSTALLATIONS[system]
    .filter((folder) => isFolder({ files }, folder))
    .map((folder) => join(folder, 'distribution', 'policies.json'));
}

function placeAt({ files }: TrustPorts, at: string): Place {
  const read = (path: string) => files.read(path, LIMIT)?.toString('utf8');
  const place: Place = { at, needs: 'root' };
  const [text, before] = [read(at), read(copyOf(place))];
  return { ...place, ...(text !== undefined && { text }), ...(before !== undefined && { before }) };
}
