import { isAbsolute, join } from 'node:path';
import type { TrustPorts } from './types.ts';

const LIMIT = 1024 * 1024;

/** The folders that hold profiles and `profiles.ini`: the distribution's, snap's and flatpak's. */
function firefoxFolders({ env, computer }: TrustPorts): string[] {
  const { system, home } = computer();
  if (system === 'macos') return [join(home, 'Library', 'Application Support', 'Firefox')];
  if (system === 'windows') {
    return [join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), 'Mozilla', 'Firefox')];
  }
  const flatpak = join(home, '.var', 'app', 'org.mozilla.firefox');
  return [
    join(home, '.mozilla', 'firefox'),
    // Since Firefox 147, where the old folder is not there.
    join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'mozilla', 'firefox'),
    join(home, 'snap', 'firefox', 'common', '.mozilla', 'firefox'),
    join(flatpak, '.mozilla', 'firefox'),
    join(flatpak, 'config', 'mozilla', 'firefox'),
  ];
}

/** Every profile that has a database: those in these folders, and those that `profiles.ini` names elsewhere or that are known. Absolute, sorted. */
export function firefoxProfiles(ports: TrustPorts, known: readonly string[]): string[] {
  const { files } = ports;
  const found = firefoxFolders(ports).flatMap((folder) => {
    const beside = [folder, join(folder, 'Profiles')].flatMap((at) => files.list(at).map((name) => join(at, name)));
    const ini = files.read(join(folder, 'profiles.ini'), LIMIT)?.toString('utf8') ?? '';
    return [...beside, ...pathsIn(ini).map((path) => (isAbsolute(path) ? path : join(folder, path)))];
  });
  const isProfile = (path: string) => files.entry(join(path, 'cert9.db'))?.kind === 'file';
  return [...new Set([...found, ...known].filter(isProfile).map((path) => files.realPath(path)))].sort();
}

function pathsIn(ini: string): string[] {
  return [...ini.matchAll(/^Path=(.+?)\s*$/gm)].map(([, path = '']) => path);
}
