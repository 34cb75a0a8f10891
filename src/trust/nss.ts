import { join } from 'node:path';
import { PkiError } from '../pki/pki-error.ts';
import { splitPem } from '../pki/pem.ts';
import { ask, findTool } from './ask.ts';
import { linuxFamily, type LinuxFamily } from './linux.ts';
import {
  StoreFault,
  type Found,
  type Place,
  type Standing,
  type Step,
  type TrustPorts,
  type TrustRoot,
} from './types.ts';

/** Homebrew keeps it off the PATH. */
const BREW = ['/opt/homebrew/opt/nss/bin', '/usr/local/opt/nss/bin'];

const PACKAGES: Record<LinuxFamily, string> = {
  debian: 'sudo apt install libnss3-tools',
  fedora: 'sudo dnf install nss-tools',
  arch: 'sudo pacman -S nss',
  suse: 'sudo zypper install mozilla-nss-tools',
  alpine: 'sudo apk add nss-tools',
  nixos: 'nix-shell -p nss.tools',
};

/** NSS's certutil. Windows has a program of that name that is another one. */
function findCertutil(ports: TrustPorts): string | undefined {
  return ports.computer().system === 'windows' ? undefined : findTool(ports, 'certutil', BREW);
}

/** How it comes to this computer. */
function certutilFix(ports: TrustPorts): string {
  if (ports.computer().system === 'macos') return 'brew install nss';
  return PACKAGES[linuxFamily(ports) ?? 'debian'];
}

/** Databases of the present format (cert9.db) have this prefix; an empty folder becomes one by the first `-A`. */
const databaseOf = ({ at }: Place) => `sql:${at}`;

interface Row {
  readonly nickname: string;
  /** `C,,`: the first field is for servers. */
  readonly flags: string;
}

/** Reads `certutil -L`: a nickname, which may have spaces, and the flags at the end of its line. */
export function rowsOf(listing: string): Row[] {
  return listing.split('\n').flatMap((line) => {
    const [, nickname, flags] = /^(\S.*?)\s+([a-zA-Z]*,[a-zA-Z]*,[a-zA-Z]*)\s*$/.exec(line) ?? [];
    return nickname === undefined || flags === undefined || flags === 'SSL,S/MIME,JAR/XPI' ? [] : [{ nickname, flags }];
  });
}

/**
 * Whether a database trusts the root for servers, whatever nickname it has it under: NSS keeps the first one that a
 * certificate came with. Throws `StoreFault`.
 */
export async function standingIn(ports: TrustPorts, place: Place, root: TrustRoot): Promise<Standing> {
  const { tool = 'certutil', at } = place;
  if (ports.files.entry(join(at, 'cert9.db')) === undefined) return { trusted: false };
  const { text } = await ask(ports, [tool, '-L', '-d', databaseOf(place)]);
  const rows = rowsOf(text);
  const ours = rows.filter(({ nickname }) => nickname === root.id);
  for (const { nickname, flags } of [...ours, ...rows.filter((row) => !ours.includes(row))]) {
    if (await isCalled(ports, place, nickname, root))
      return { trusted: flags.split(',')[0]?.includes('C') ?? false, name: nickname };
  }
  return { trusted: false };
}

async function isCalled(ports: TrustPorts, place: Place, nickname: string, { der }: TrustRoot): Promise<boolean> {
  const { tool = 'certutil' } = place;
  try {
    const { text } = await ask(ports, [tool, '-L', '-d', databaseOf(place), '-n', nickname, '-a']);
    return splitPem(Buffer.from(text)).some((block) => block.der.equals(der));
  } catch (error) {
    // A nickname with a colon in it cannot be asked for: certutil takes the part before it for a token.
    const isAbsent =
      nickname.includes(':') || (error instanceof StoreFault && /could not find cert/i.test(error.output));
    if (isAbsent || error instanceof PkiError) return false;
    throw error;
  }
}

/** Trusted for servers, and for nothing else. */
export function addTo(place: Place, root: TrustRoot): Step[] {
  const { tool = 'certutil', needs, made } = place;
  const add = ['-A', '-d', databaseOf(place), '-t', 'C,,', '-n', root.id, '-i', root.file];
  const folder: Step[] = made ? [{ do: 'run', argv: ['mkdir', '-p', '-m', '700', place.at], needs }] : [];
  return [...folder, { do: 'run', argv: [tool, ...add], needs }];
}

export function deleteFrom(place: Place, root: TrustRoot, { name }: Standing): Step[] {
  const { tool = 'certutil', needs } = place;
  return [{ do: 'run', argv: [tool, '-D', '-d', databaseOf(place), '-n', name ?? root.id], needs }];
}

/** A store that is these databases; without certutil or a database it says why not. */
export async function databases(
  ports: TrustPorts,
  places: readonly Omit<Place, 'needs'>[],
  what: 'chromium' | 'firefox',
): Promise<Found> {
  const [first, ...rest] = places;
  if (!first) return { skip: { code: 'not-found', what } };
  const tool = findCertutil(ports);
  if (tool === undefined) return { skip: { code: 'tool-missing', tool: 'certutil', fix: certutilFix(ports) } };
  const withTool = (place: Omit<Place, 'needs'>): Place => ({ ...place, needs: 'nothing', tool });
  return { places: [withTool(first), ...rest.map(withTool)] };
}
