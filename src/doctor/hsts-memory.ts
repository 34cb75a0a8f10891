import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { firefoxProfiles, readable } from '../trust/firefox-profiles.ts';
import type { TrustPorts } from '../trust/types.ts';

const LIMIT = 16 * 1024 * 1024;

/** Where a browser remembers that a name is https alone. */
export interface Remembered {
  readonly browser: string;
  /** The folder of the profile. */
  readonly at: string;
}

/** The profiles of browsers here that remember it of this name. Reads only; what cannot be read remembers nothing. */
export function rememberedBy(ports: TrustPorts, host: string): Remembered[] {
  return [...chromiumProfiles(ports).filter(({ at }) => isInChromium(ports, at, host)), ...inFirefox(ports, host)];
}

/** The user data folders of Chromium's docs/user_data_dir.md, and the profiles in them. */
function chromiumProfiles({ files, computer, env }: TrustPorts): Remembered[] {
  const { system, home } = computer();
  const base = {
    linux: env['XDG_CONFIG_HOME'] || join(home, '.config'),
    macos: join(home, 'Library', 'Application Support'),
    windows: env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'),
  }[system];
  const below = system === 'windows' ? ['User Data'] : [];
  const folders: readonly [browser: string, folder: string][] = [
    ['Chromium', system === 'linux' ? 'chromium' : 'Chromium'],
    ['Chrome', system === 'linux' ? 'google-chrome' : join('Google', 'Chrome')],
    ['Edge', system === 'linux' ? 'microsoft-edge' : system === 'macos' ? 'Microsoft Edge' : join('Microsoft', 'Edge')],
  ];
  return folders.flatMap(([browser, folder]) => {
    const data = join(base, folder, ...below);
    const profiles = readable(() => files.list(data), []).filter(
      (name) => name === 'Default' || name.startsWith('Profile '),
    );
    return profiles.map((name) => ({ browser, at: join(data, name) }));
  });
}

/**
 * `TransportSecurity`: names are there as SHA-256 of their DNS encoding (net/http/transport_security_persister.cc). Of a name above
 * this one only what is said of all names below it counts.
 */
function isInChromium({ files }: TrustPorts, profile: string, host: string): boolean {
  const labels = host.toLowerCase().split('.');
  const wanted = new Map(labels.map((_, i) => [hashed(labels.slice(i)), i > 0] as const));
  return entries(readText(files, join(profile, 'TransportSecurity'))).some(
    ({ host: hash, mode, sts_include_subdomains }) => {
      const isAbove = typeof hash === 'string' ? wanted.get(hash) : undefined;
      return isAbove !== undefined && mode === 'force-https' && (!isAbove || sts_include_subdomains === true);
    },
  );
}

function hashed(labels: readonly string[]): string {
  const encoded = [...labels, ''].map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
  );
  return createHash('sha256').update(Buffer.concat(encoded)).digest('base64');
}

interface Entry {
  readonly host?: unknown;
  readonly mode?: unknown;
  readonly sts_include_subdomains?: unknown;
}

function entries(text: string): Entry[] {
  try {
    const { sts } = JSON.parse(text) as { sts?: unknown };
    return Array.isArray(sts) ? sts.filter((each): each is Entry => typeof each === 'object' && each !== null) : [];
  } catch {
    return []; // none, or one of another time
  }
}

/** `SiteSecurityServiceState`, a text until Firefox 117 and binary since: the name stands in both as it is. */
function inFirefox(ports: TrustPorts, host: string): Remembered[] {
  return firefoxProfiles(ports, []).flatMap((at) => {
    const known = ['txt', 'bin'].some((ending) => {
      const text = readText(ports.files, join(at, `SiteSecurityServiceState.${ending}`));
      return new RegExp(`(?:^|[^\\w.-])${host.replaceAll('.', '\\.')}(?![\\w.-])`, 'm').test(text);
    });
    return known ? [{ browser: 'Firefox', at }] : [];
  });
}

function readText(files: TrustPorts['files'], path: string): string {
  try {
    return files.read(path, LIMIT)?.toString('latin1') ?? '';
  } catch {
    return '';
  }
}
