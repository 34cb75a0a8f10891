import { join } from 'node:path';
import { ask } from '../ask.ts';
import type { Place, Step, TrustPorts, TrustRoot, TrustStore } from '../types.ts';

/** A keychain, and whose trust settings go with it: the administrator's (`-d`) or the user's. */
interface Keychain {
  readonly title: string;
  readonly chosen: TrustStore['chosen'];
  readonly pathIn: (home: string) => string;
  readonly needs: Place['needs'];
  readonly domain: readonly string[];
  /** Node's `--use-system-ca` wants a user's setting to name both. */
  readonly policies: readonly string[];
}

/**
 * `security` adds the certificate and its trust setting in one go; they go by two commands, the setting by a file of the
 * certificate and the certificate by its hash. Since macOS 11 a window asks for a password, for root too (Apple's notes).
 */
function keychainStore({ title, chosen, pathIn, needs, domain, policies }: Keychain): TrustStore {
  const security = (argv: readonly string[]): Step => ({ do: 'run', argv: ['security', ...argv], needs });
  return {
    title,
    chosen,
    async detect({ computer }) {
      const { system, home } = computer();
      return system === 'macos' ? { places: [{ at: pathIn(home), needs }] } : { skip: { code: 'elsewhere' } };
    },
    async isTrusted(ports, { at }, root) {
      const { text } = await ask(ports, ['security', 'find-certificate', '-a', '-Z', at]);
      if (!hashesIn(text).includes(root.fingerprint)) return { trusted: false };
      return { trusted: await isVerified(ports, root), name: root.id };
    },
    install: ({ at }, { file }) => [
      security(['add-trusted-cert', ...domain, '-r', 'trustRoot', ...policies, '-k', at, file]),
    ],
    remove: ({ at }, { file, sha1 }) => [
      security(['remove-trusted-cert', ...domain, file]),
      security(['delete-certificate', '-Z', sha1, at]),
    ],
  };
}

export const macosSystem = keychainStore({
  title: 'system keychain',
  chosen: 'always',
  pathIn: () => '/Library/Keychains/System.keychain',
  needs: 'root',
  domain: ['-d'],
  policies: [],
});

export const macosLogin = keychainStore({
  title: 'login keychain',
  chosen: 'user',
  pathIn: (home) => join(home, 'Library', 'Keychains', 'login.keychain-db'),
  needs: 'dialog',
  domain: [],
  policies: ['-p', 'ssl', '-p', 'basic'],
});

/** Of `SHA-256 hash: 3FA1…` lines, in lower case. */
export function hashesIn(listing: string): string[] {
  return [...listing.matchAll(/^SHA-256 hash: ([0-9A-F]{64})/gm)].map(([, hash = '']) => hash.toLowerCase());
}

/** Without the network (`-L`), and though it is a root itself (`-l`). */
async function isVerified(ports: TrustPorts, { file }: TrustRoot): Promise<boolean> {
  const { code } = await ask(ports, ['security', 'verify-cert', '-q', '-L', '-l', '-c', file], [0, 1]);
  return code === 0;
}
