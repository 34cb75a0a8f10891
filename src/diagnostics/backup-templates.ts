import { quoted } from '../kernel/shell.ts';
import { template } from './template.ts';

/** `3F:A1:..:9C`, as screens shorten a fingerprint. */
function ends(hex: string): string {
  const pairs = hex.toUpperCase().match(/../g) ?? [];
  return `${pairs[0]}:${pairs[1]}:..:${pairs.at(-1)}`;
}

/** Under a name of the same ending, which a .gitignore of `*.key` covers too, and over nothing. */
function moved(path: string): string {
  const at = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return `move it away first: mv -n ${quoted(path)} ${quoted(`${path.slice(0, at)}old-${path.slice(at)}`)}`;
}

/** What can be wrong with a backup of roots, or in the way of its return. */
export const backupTemplates = {
  'backup-exists': template(
    'error',
    (_: object) => 'is there already, and a backup overwrites nothing',
    () => 'give it another name',
  ),
  'backup-nothing': template(
    'error',
    ({ name }: { name: string; isLost: boolean }) =>
      `the root ${name} has no key here, so that there is nothing to back up`,
    ({ isLost }) =>
      isLost ? 'its key is lost: rcssl ca restore FILE brings it back from an earlier backup' : 'rcssl apply makes one',
  ),
  'backup-too-large': template(
    'error',
    ({ size, limit }: { size: number; limit: number }) =>
      `the backup would have ${size} bytes, and restore takes ${limit} at the most`,
    () => 'rcssl ca list shows the archive: move folders that nobody needs out of it',
  ),
  'backup-missing': template(
    'error',
    (_: object) => 'is not there',
    () => 'name the file that rcssl ca backup has written',
  ),
  'backup-unreadable': template('error', ({ why }: { why: string }) => `is no backup of rcssl: ${why}`),
  'backup-passphrase-wrong': template('error', (_: object) => 'the passphrase does not open it'),
  'backup-newer': template(
    'error',
    ({ version }: { version: number }) => `made by a newer rcssl (format ${version})`,
    () => 'update rcssl',
  ),
  'restore-undeclared': template(
    'error',
    ({ field, found, declared }: { field: 'name' | 'key'; found: string; declared: string }) =>
      `the root of the backup has ${field} ${found}, and the configuration declares ${declared}`,
    ({ field, found }) => `ca: { ${field}: ${JSON.stringify(found)} } in the configuration`,
  ),
  'restore-other-root': template(
    'error',
    ({ what }: { path: string; what: 'key' | 'other' | { readonly name: string; readonly fingerprint: string } }) => {
      const words = { key: 'a key', other: 'something' };
      const found =
        typeof what === 'string' ? words[what] : `the root ${what.name} (SHA-256 ${ends(what.fingerprint)})`;
      return `is ${found} that the backup does not have, and restore overwrites nothing`;
    },
    ({ path }) => moved(path),
  ),
  'restore-outside': template(
    'error',
    ({ folder }: { folder: string }) => `a link leads it out of the project, to ${folder}, and no key is written there`,
    () => 'declare the path that is meant, with outside: true',
  ),
  'restore-archive-differs': template(
    'error',
    (_: object) => 'is not what the backup has under this name, and restore overwrites nothing',
    ({ path }: { path: string }) => moved(path),
  ),
};
