import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readIfThere } from './on-disk.ts';

/*
 * A process that opens keys and then certificates as fast as it can: `[[NAME, KEY, CERTIFICATE], …]` as JSON in its
 * argument, what it met as JSON on stdout once stdin ends. A name that ends in `resolved` has its folder's link followed
 * once for both.
 */

const readers = JSON.parse(process.argv[2] ?? '[]') as [name: string, key: string, cert: string][];
const met = new Map(readers.map(([name]) => [name, { looks: 0, gaps: 0, mixed: 0 }]));
/** By their bytes, since both come again and again. */
const publicKeys = new Map<string, string>();

function publicKey(bytes: Buffer, read: () => ReturnType<typeof createPublicKey>): string {
  const text = bytes.toString();
  const known = publicKeys.get(text) ?? (read().export({ type: 'spki', format: 'pem' }) as string);
  publicKeys.set(text, known);
  return known;
}

function round(): void {
  for (let turn = 0; turn < 50; turn++) {
    for (const [name, keyPath, certPath] of readers) {
      const link = dirname(keyPath);
      const resolved = name.endsWith('resolved') ? readlinkSync(link) : undefined;
      const folder = resolved === undefined ? link : join(dirname(link), resolved);
      const key = readIfThere(join(folder, basename(keyPath)));
      const cert = readIfThere(join(folder, basename(certPath)));
      // Two switches have passed since it asked: it is asked again.
      if (resolved !== undefined && !(key && cert) && readlinkSync(link) !== resolved) continue;
      const figures = met.get(name)!;
      figures.looks += 1;
      if (!key || !cert) figures.gaps += 1;
      else if (
        publicKey(key, () => createPublicKey(createPrivateKey(key))) !==
        publicKey(cert, () => new X509Certificate(cert).publicKey)
      ) {
        figures.mixed += 1;
      }
    }
  }
  timer = setImmediate(round);
}

let timer = setImmediate(round);
process.stdin.resume().on('end', () => {
  clearImmediate(timer);
  process.stdout.write(JSON.stringify(Object.fromEntries(met)));
});
