import { join } from 'node:path';
import { findTool, isFolder } from '../ask.ts';
import { addTo, databases, deleteFrom, standingIn } from '../nss.ts';
import type { TrustPorts, TrustStore } from '../types.ts';

const BROWSERS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'brave-browser',
  'vivaldi',
  'opera',
];

/**
 * Chromium, Chrome and their kin on Linux, which share the user's NSS database. Since 146 it is
 * `~/.local/share/pki/nssdb`, but an existing `~/.pki/nssdb` wins (Chromium's docs, tried with 156): so every one that is
 * there is used, and the old one, which all versions read, is made only where the new one is not.
 */
export const chromium: TrustStore = {
  title: 'Chromium, Chrome',
  chosen: 'always',
  async detect(ports, known = []) {
    const { system, home } = ports.computer();
    if (system !== 'linux') return { skip: { code: 'takes-system' } };
    const old = join(home, '.pki', 'nssdb');
    const places = [...new Set([...databaseFolders(ports), ...known])]
      .filter((at) => isFolder(ports, at))
      .map((at) => ({ at }));
    const isInstalled = BROWSERS.some((name) => findTool(ports, name) !== undefined);
    const own = ownFolders(ports);
    const wanted =
      isInstalled && !places.some(({ at }) => own.includes(at))
        ? [{ at: old, made: true as const }, ...places]
        : places;
    return databases(ports, wanted, 'chromium');
  },
  isTrusted: standingIn,
  install: addTo,
  remove: deleteFrom,
};

/** Those of browsers that are not in a box of their own. */
function ownFolders({ env, computer }: TrustPorts): string[] {
  const { home } = computer();
  const data = env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  return [join(home, '.pki', 'nssdb'), join(data, 'pki', 'nssdb')];
}

function databaseFolders(ports: TrustPorts): string[] {
  const { home } = ports.computer();
  const flatpaks = join(home, '.var', 'app');
  const boxed = ports.files
    .list(flatpaks)
    .flatMap((id) => [join(flatpaks, id, '.pki', 'nssdb'), join(flatpaks, id, 'data', 'pki', 'nssdb')]);
  const snaps = ['chromium', 'brave'].map((name) => join(home, 'snap', name, 'current', '.pki', 'nssdb'));
  return [...ownFolders(ports), ...snaps, ...boxed];
}
