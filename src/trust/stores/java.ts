import { dirname, join } from 'node:path';
import { isInside } from '../../kernel/path.ts';
import type { System } from '../../kernel/ports.ts';
import { findTool } from '../ask.ts';
import { aliasIn, DEBIAN_KEYSTORE, deleteFrom, importInto } from '../keystore.ts';
import type { Place, TrustPorts, TrustStore } from '../types.ts';

/** Made from the system's store by the distribution. Fedora's, SUSE's and Arch's are made anew each time. */
const FED = [
  DEBIAN_KEYSTORE, // Arch's too
  '/etc/pki/ca-trust/extracted/java/cacerts',
  '/etc/pki/java/cacerts',
  '/var/lib/ca-certificates/java-cacerts',
];

/** Folders with a Java in each of their folders. */
const FOLDERS: Record<System, readonly string[]> = {
  linux: ['/usr/lib/jvm', '/usr/java', '/opt/java'],
  macos: ['/Library/Java/JavaVirtualMachines'],
  windows: [String.raw`C:\Program Files\Java`, String.raw`C:\Program Files\Eclipse Adoptium`],
};

/** `JAVA_HOME`, the one on PATH, the distribution's, and SDKMAN's of the user: each keystore once. */
export const java: TrustStore = {
  title: 'Java',
  chosen: 'always',
  async detect(ports, known = []) {
    const places = new Map<string, Place>();
    for (const home of [...javaHomes(ports), ...known.map(homeOf)]) {
      const keystore = ['lib/security/cacerts', 'jre/lib/security/cacerts']
        .map((path) => ports.files.realPath(join(home, path)))
        .find((path) => ports.files.entry(path)?.kind === 'file');
      const tool = findTool(ports, 'keytool', [join(home, 'bin')]);
      if (keystore === undefined || tool === undefined || places.has(keystore)) continue;
      const needs = isInside(ports.computer().home, keystore) ? 'nothing' : 'root';
      places.set(keystore, { at: keystore, needs, tool, ...(FED.includes(keystore) && { fed: true }) });
    }
    const [first, ...rest] = places.values();
    if (first) return { places: [first, ...rest] };
    return { skip: { code: 'not-found', what: 'java' } };
  },
  async isTrusted(ports, { at, tool = 'keytool' }, root) {
    const name = await aliasIn(ports, tool, at, root);
    return name === undefined ? { trusted: false } : { trusted: true, name };
  },
  install: ({ at, needs, tool = 'keytool', fed }, root) => (fed ? [] : [importInto(tool, at, root, needs)]),
  remove: ({ at, needs, tool = 'keytool', fed }, _root, { name }) =>
    name === undefined || (fed && at !== DEBIAN_KEYSTORE) ? [] : [deleteFrom(tool, at, name, needs)],
};

/** Of a keystore in it, which is `lib/security/cacerts`. */
function homeOf(keystore: string): string {
  return dirname(dirname(dirname(keystore)));
}

function javaHomes({ env, files, computer }: TrustPorts): string[] {
  const { system, home } = computer();
  const named = env['JAVA_HOME'] ? [env['JAVA_HOME']] : [];
  const inner = system === 'macos' ? 'Contents/Home' : '';
  const folders = [...FOLDERS[system], join(home, '.sdkman', 'candidates', 'java'), join(home, '.jdks')];
  const found = folders.flatMap((folder) => files.list(folder).map((name) => join(folder, name, inner)));
  return [...named, ...found];
}
