import { join } from 'node:path';
import { trustFolder } from '../root.ts';
import { certificatesIn, systemBundle } from '../system-bundle.ts';
import type { Place, Step, TrustRoot, TrustStore } from '../types.ts';

const LIMIT = 16 * 1024 * 1024;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n?/g;
/** Stands before each root of ours. */
const MARK = /^# (rcssl-[0-9a-f]{12}) .*\n-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n/gm;

/** One PEM file with the system's roots and ours, for programs that take a single file: a path to give them. */
export const bundle: TrustStore = {
  title: 'PEM bundle',
  chosen: 'named',
  async detect(ports) {
    const at = join(trustFolder(ports.machine().dataFolder), 'bundle.pem');
    const text = ports.files.read(at, LIMIT)?.toString('latin1');
    const { pem } = await systemBundle(ports);
    return { places: [{ at, needs: 'nothing', systemRoots: pem, ...(text !== undefined && { text }) }] };
  },
  async isTrusted(ports, { at }, root) {
    const text = ports.files.read(at, LIMIT)?.toString('latin1') ?? '';
    const trusted = certificatesIn(text).some((der) => der.equals(root.der));
    return { trusted, ...(trusted && { name: root.id }) };
  },
  install: (place, root) => [write(place, [...othersIn(place, root), sectionOf(root)])],
  remove(place, root) {
    const others = othersIn(place, root);
    // The system may trust it still.
    const systemRoots = place.systemRoots?.replaceAll(CERTIFICATE, (pem) => (isOf(pem, root) ? '' : pem));
    const rest = { ...place, ...(systemRoots !== undefined && { systemRoots }) };
    return others.length > 0 ? [write(rest, others)] : [{ do: 'remove', path: place.at }];
  },
};

function isOf(pem: string, { der }: TrustRoot): boolean {
  return certificatesIn(pem).some((one) => one.equals(der));
}

function sectionOf({ id, name, pem }: TrustRoot): string {
  // A name may be anything; a line break in it would end the comment.
  return `# ${id} ${name.replaceAll(/[^\x20-\x7e]/g, '?')}\n${pem}`;
}

function othersIn({ text = '' }: Place, { id }: TrustRoot): string[] {
  return [...text.matchAll(MARK)].filter(([, of]) => of !== id).map(([section]) => section);
}

function write({ at, systemRoots = '' }: Place, sections: readonly string[]): Step {
  return { do: 'write', path: at, text: `${systemRoots.trimEnd()}\n${sections.join('')}`, mode: 0o644 };
}
