import { homedir, hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../kernel/ports.ts';
import type { Network } from '../kernel/web.ts';

// Bridges and tunnels of containers and virtual machines: no phone reaches the laptop by these.
const VIRTUAL = /^(?:docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|podman)/;
const PRIVATE_V4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;
const UNIQUE_LOCAL_V6 = /^f[cd]/i; // RFC 4193

/** Link-local addresses are none: they mean nothing without an interface. */
export function networks(): Network[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.flatMap(({ address, cidr, family, internal, scopeid }) => {
      if (cidr === null || scopeid) return [];
      const isPrivate = family === 'IPv4' ? PRIVATE_V4.test(address) : UNIQUE_LOCAL_V6.test(address);
      const kind = internal ? 'loopback' : !isPrivate ? 'public' : VIRTUAL.test(name) ? 'virtual' : 'lan';
      return [{ name, address, cidr, kind } as const];
    }),
  );
}

function privateAddresses(): string[] {
  const found = networks().flatMap(({ address, kind }) => (kind === 'lan' ? [address] : []));
  return [...new Set(found)].sort();
}

/** The first label is what Bonjour announces (RFC 6762); macOS gives `name.local`, others a bare or a full name. */
function localName(): string | undefined {
  const label = hostname().split('.')[0]?.toLowerCase() ?? '';
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label) && label !== 'localhost' ? `${label}.local` : undefined;
}

/** `$XDG_DATA_HOME/rcssl`, `~/Library/Application Support/rcssl`, `%LOCALAPPDATA%\rcssl`. */
function dataFolder(env: Readonly<Record<string, string | undefined>>): string {
  const home = env['HOME'] || homedir();
  if (env['XDG_DATA_HOME']) return join(env['XDG_DATA_HOME'], 'rcssl');
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'rcssl');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'rcssl');
  return join(home, '.local', 'share', 'rcssl');
}

export function thisMachine(env: Readonly<Record<string, string | undefined>>): Machine {
  return { addresses: privateAddresses(), localName: localName(), dataFolder: dataFolder(env) };
}
