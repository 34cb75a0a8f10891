import { join } from 'node:path';
import { readCertificates } from '../pki/certificate-read.ts';
import { PkiError } from '../pki/pki-error.ts';
import { findTool } from './ask.ts';
import { linuxFamily, type LinuxFamily } from './linux.ts';
import { certificatesIn } from './system-bundle.ts';
import type { Place, Step, TrustPorts, TrustRoot, TrustStore } from './types.ts';

const LIMIT = 16 * 1024 * 1024;
/** Not on the PATH of every user. */
const SBIN = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin'];

/** A Linux that takes roots as files in a folder, and a command that makes a bundle of them. */
interface Anchors {
  readonly title: string;
  readonly family: LinuxFamily;
  readonly folder: string;
  /** Of the files. Debian and Alpine ignore all others in silence. */
  readonly ending: '.crt' | '.pem';
  /** The command after a root came, and the one after it went. */
  readonly added: readonly [string, ...string[]];
  readonly removed: readonly [string, ...string[]];
  /** How the command comes to the system. */
  readonly install: string;
  readonly bundle: string;
  /** What else there is to know of the place, and what else has to be done when a root goes. */
  readonly beside?: (ports: TrustPorts) => Partial<Place>;
  readonly leftovers?: (place: Place, root: TrustRoot) => readonly Step[];
}

/** The store of such a system. Trusted is what its bundle has, whichever file it came from. */
export function anchorStore(of: Anchors): TrustStore {
  const fileOf = ({ id }: TrustRoot) => join(of.folder, id + of.ending);
  const update = ({ tool }: Place, [program, ...args]: readonly [string, ...string[]]): Step => ({
    do: 'run',
    argv: [tool ?? program, ...args],
    needs: 'root',
  });
  return {
    title: of.title,
    chosen: 'always',
    async detect(ports) {
      if (linuxFamily(ports) !== of.family) return { skip: { code: 'elsewhere' } };
      const [program] = of.added;
      const tool = findTool(ports, program, SBIN);
      if (tool === undefined) return { skip: { code: 'tool-missing', tool: program, fix: of.install } };
      return { places: [{ at: of.folder, needs: 'root', tool, ...of.beside?.(ports) }] };
    },
    async isTrusted(ports, _place, root) {
      const bundle = ports.files.read(of.bundle, LIMIT);
      const trusted =
        bundle !== undefined && certificatesIn(bundle.toString('latin1')).some((der) => der.equals(root.der));
      return { trusted, ...(isOurs(ports, fileOf(root), root) && { name: root.id }) };
    },
    install: (place, root) => [
      { do: 'run', argv: ['install', '-D', '-m', '0644', root.file, fileOf(root)], needs: 'root' },
      update(place, of.added),
    ],
    remove: (place, root) => [
      { do: 'run', argv: ['rm', '-f', fileOf(root)], needs: 'root' },
      update(place, of.removed),
      ...(of.leftovers?.(place, root) ?? []),
    ],
  };
}

function isOurs({ files }: TrustPorts, path: string, root: TrustRoot): boolean {
  const bytes = files.read(path, LIMIT);
  if (!bytes) return false;
  try {
    return readCertificates(bytes).some(({ der }) => der.equals(root.der));
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}
