import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** What the tests of accidents say about a disk, read with node:crypto alone: none of rcssl's own eyes. */

/** A root and its hosts, wherever they lie. Absolute paths. */
export interface DiskSet {
  /** Everything of it is below: the project, and the folder of data. */
  readonly base: string;
  readonly root: Pair;
  readonly hosts: readonly Pair[];
}

/** A key and every file that begins with a certificate of it. */
export interface Pair {
  readonly key: string;
  readonly certs: readonly string[];
  /** Layout `atomic`: the folder of all of them, which is a link. */
  readonly link?: string;
}

export function hostPair(project: string, name: string, layout: 'files' | 'atomic' = 'files'): Pair {
  const link = join(project, 'certs', name);
  const path = (ending: string): string =>
    layout === 'atomic' ? join(link, `${name}.${ending}`) : `${link}.${ending}`;
  const pair = { key: path('key'), certs: [path('crt'), path('fullchain.pem')] };
  return layout === 'atomic' ? { ...pair, link } : pair;
}

/** Undefined where nothing is there. */
export function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return;
    throw error;
  }
}

export function belongTogether(key: Buffer, cert: Buffer): boolean {
  return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
}

/** Certificates that stand beside a key that is not theirs. */
export function mismatches({ root, hosts }: DiskSet): string[] {
  return [root, ...hosts].flatMap(({ key, certs }) => {
    const bytes = readIfThere(key);
    return certs.filter((path) => {
      const cert = readIfThere(path);
      return bytes && cert && !belongTogether(bytes, cert);
    });
  });
}

/** Files that are missing, and certificates that do not verify under the root. */
export function unverified({ root, hosts }: DiskSet): string[] {
  const [path = ''] = root.certs;
  const bytes = readIfThere(path);
  if (!bytes || !existsSync(root.key)) return [bytes ? root.key : path];
  const issuer = new X509Certificate(bytes);
  return hosts.flatMap(({ key, certs }) => [
    ...(existsSync(key) ? [] : [key]),
    ...certs.filter((file) => {
      const cert = readIfThere(file);
      return !cert || !new X509Certificate(cert).verify(issuer.publicKey);
    }),
  ]);
}

/** What no apply leaves behind: staged files, journals, locks, and of layout `atomic` a third version of a folder. */
export function leftovers({ base }: Pick<DiskSet, 'base'>): string[] {
  const names = readdirSync(base, { recursive: true, encoding: 'utf8' });
  const versions = Map.groupBy(
    names.filter((name) => /\.rcssl-[0-9a-f]{12}$/.test(name)),
    (name) => name.slice(0, -12),
  );
  return [
    ...names.filter((name) => /^(?:\.rcssl-.*|journal\.json|lock|lock\.break)$/.test(basename(name))),
    ...[...versions.values()].flatMap((all) => all.slice(2)),
  ];
}

/** Public keys, as text, of the root that is live and of those in the archives. `read` remembers the archives, which nothing changes. */
export function rootKeys({ base, root }: DiskSet, read = new Map<string, string[]>()): Set<string> {
  const archived = readdirSync(base, { recursive: true, encoding: 'utf8' })
    .map((name) => join(base, name))
    .filter((path) => basename(path) === basename(root.key) && basename(dirname(dirname(path))) === 'archive');
  for (const path of archived) if (!read.has(path)) read.set(path, publicKeyOf(path));
  return new Set([...publicKeyOf(root.key), ...archived.flatMap((path) => read.get(path) ?? [])]);
}

/** Of the private key in a file; none where there is none. */
export function publicKeyOf(path: string): string[] {
  const bytes = readIfThere(path);
  return bytes ? [createPublicKey(bytes).export({ type: 'spki', format: 'pem' }) as string] : [];
}
