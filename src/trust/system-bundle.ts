import type { World } from '../kernel/ports.ts';
import { PkiError } from '../pki/pki-error.ts';
import { splitPem } from '../pki/pem.ts';

/** A few hundred roots are a quarter of a megabyte. */
const LIMIT = 16 * 1024 * 1024;

/**
 * Where systems keep all the roots that they trust as one PEM file, the generated ones before what only links to them.
 * Go's crypto/x509 has the same list (root_linux.go). macOS has /etc/ssl/cert.pem too, but without the roots of its keychains.
 */
export const SYSTEM_BUNDLES = [
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', // Fedora, RHEL
  '/var/lib/ca-certificates/ca-bundle.pem', // SUSE
  '/etc/ssl/certs/ca-certificates.crt', // Debian, Ubuntu, Arch, Alpine, Gentoo, NixOS
  '/etc/pki/tls/certs/ca-bundle.crt', // RHEL 6
  '/etc/ssl/ca-bundle.pem', // older SUSE
  '/etc/ssl/cert.pem', // Alpine without ca-certificates
] as const;

/** The roots that this computer trusts. */
export interface SystemBundle {
  /** The file that programs read; undefined where the system has none, and the roots were asked for one by one. */
  readonly path: string | undefined;
  /** All of them, one after the other; empty where the system has none. */
  readonly pem: string;
}

/**
 * The roots that this computer trusts, from the file that its programs read, else (macOS, Windows) from the system itself
 * by way of Node. Reads only. Throws `ReadFault` for a file that cannot be read.
 */
export async function systemBundle({
  files,
  computer,
  systemRoots,
}: Pick<World, 'files' | 'computer' | 'systemRoots'>): Promise<SystemBundle> {
  for (const path of computer().system === 'linux' ? SYSTEM_BUNDLES : []) {
    const bytes = files.read(path, LIMIT);
    if (bytes) return { path, pem: bytes.toString('latin1') };
  }
  const roots = await systemRoots();
  return { path: undefined, pem: roots.map((root) => `${root.trimEnd()}\n`).join('') };
}

/** The certificates of a bundle as DER; what cannot be read as PEM has none. */
export function certificatesIn(pem: string): Buffer[] {
  try {
    return splitPem(Buffer.from(pem, 'latin1'))
      .filter(({ label }) => label === 'CERTIFICATE' || label === 'TRUSTED CERTIFICATE')
      .map(({ der }) => der);
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}
