import type { TrustPorts } from './types.ts';

/**
 * By the folder that takes its roots, not by its name, since there are hundreds of names; the first that is there counts.
 * Fedora's comes before Debian's (mkcert's order); SUSE's and Alpine's too, whose command has the name of Debian's.
 */
export const LINUX_MARKS = {
  nixos: '/etc/NIXOS',
  fedora: '/etc/pki/ca-trust/source/anchors',
  suse: '/etc/pki/trust/anchors',
  alpine: '/etc/alpine-release',
  arch: '/etc/ca-certificates/trust-source/anchors',
  debian: '/usr/local/share/ca-certificates',
} as const;

export type LinuxFamily = keyof typeof LINUX_MARKS;

/** Undefined where it is none of them, or no Linux. */
export function linuxFamily({ files, computer }: Pick<TrustPorts, 'files' | 'computer'>): LinuxFamily | undefined {
  if (computer().system !== 'linux') return undefined;
  return (Object.keys(LINUX_MARKS) as LinuxFamily[]).find((family) => files.entry(LINUX_MARKS[family]) !== undefined);
}
