import { isAbsolute, join } from 'node:path';
import { ReadFault } from '../kernel/ports.ts';
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

/**
 * Every profile that has a database: those in these folders, and those that `profiles.ini` names elsewhere or that are known.
 * Absolute, sorted. What cannot be read is passed over, but for a known one, which throws `ReadFault`: it may have a root.
 */
export function firefoxProfiles(ports: TrustPorts, known: readonly string[]): string[] {
  const { files } = ports;
  const found = firefoxFolders(ports).flatMap((folder) => {
    const list = (at: string) => readable(() => files.list(at), []).map((name) => join(at, name));
    const beside = [folder, join(folder, 'Profiles')].flatMap(list);
    const ini = readable(() => files.read(join(folder, 'profiles.ini'), LIMIT), undefined)?.toString('utf8') ?? '';
    return [...beside, ...pathsIn(ini).map((path) => (isAbsolute(path) ? path : join(folder, path)))];
  });
  const isProfile = (path: string) => files.entry(join(path, 'cert9.db'))?.kind === 'file';
  const all = [...found.filter((path) => readable(() => isProfile(path), false)), ...known.filter(isProfile)];
  return [...new Set(all.map((path) => files.realPath(path)))].sort();
}

/** What a look gives, and `otherwise` where it is not allowed. */
export function readable<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch (error) {
    if (error instanceof ReadFault) return otherwise;
    throw error;
  }
}

function pathsIn(ini: string): string[] {
  return [...ini.matchAll(/^Path=(.+?)\s*$/gm)].map(([, path = '']) => path);
}
