import { readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { belongTogether, readIfThere, type Pair } from './on-disk.ts';

/*
 * A process that polls the places of keys and certificates all the while, as a server does that reloads them: pairs as
 * JSON in its argument, figures as JSON on stdout once stdin ends.
 */

const pairs = JSON.parse(process.argv[2] ?? '[]') as Pair[];
const figures = { looks: 0, changes: 0, mismatches: [] as string[] };
/** By the place of a certificate: what was last judged. */
const judged = new Map<string, readonly [key: Buffer, cert: Buffer]>();

/** Layout `atomic`: whoever resolves the link once finds both, of one kind, at any moment. */
function lookBehind(link: string, { key: keyPath, certs }: Pair): void {
  const version = readlinkSync(link);
  const at = (path: string): string => join(dirname(link), version, basename(path));
  const key = readIfThere(at(keyPath));
  for (const certPath of certs) {
    const cert = readIfThere(at(certPath));
    figures.looks += 1;
    if (!key || !cert) {
      // Two switches have passed since it asked, or there is a gap.
      if (readlinkSync(link) === version) figures.mismatches.push(certPath);
      return;
    }
    if (judged.get(certPath)?.[1].equals(cert) && judged.get(certPath)?.[0].equals(key)) continue;
    if (!belongTogether(key, cert)) figures.mismatches.push(certPath);
    figures.changes += 1;
    judged.set(certPath, [key, cert]);
  }
}

function look(pair: Pair): void {
  const { key: keyPath, certs, link } = pair;
  if (link !== undefined) return lookBehind(link, pair);
  for (const certPath of certs) {
    const key = readIfThere(keyPath);
    const cert = readIfThere(certPath);
    figures.looks += 1;
    const last = judged.get(certPath);
    if (!key || !cert || (last?.[0].equals(key) && last[1].equals(cert))) continue;
    if (!belongTogether(key, cert)) {
      // Between two reads a whole apply may have passed: that is judged which was there at one moment.
      if (!readIfThere(keyPath)?.equals(key) || !readIfThere(certPath)?.equals(cert)) continue;
      figures.mismatches.push(certPath);
    }
    figures.changes += 1;
    judged.set(certPath, [key, cert]);
  }
}

function round(): void {
  pairs.forEach(look);
  timer = setTimeout(round, 5);
}

let timer = setTimeout(round);
process.stdin.resume().on('end', () => {
  clearTimeout(timer);
  process.stdout.write(JSON.stringify(figures));
});
