import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCertificates } from '../pki/certificate-read.ts';
import { describedComputer, type Described } from '../testing/trust/computer.ts';
import { trustRoot } from './root.ts';
import { commandOf } from './run.ts';
import { scriptFor } from './script.ts';
import { STORE_IDS, type StoreId } from './store-ids.ts';
import { storeNamed } from './stores.ts';
import { StoreFault } from './types.ts';

/*
 * The commands of systems that no test can run on, as data: `fixtures/trust` has what each computer's stores would do.
 * A change there is to be read against the facts that docs/trust.md names.
 */

const [certificate] = readCertificates(readFileSync('fixtures/trust/root.crt'));
if (!certificate) throw new Error('the fixture is no certificate');
const ROOT = trustRoot(certificate.der, '/home/ada/.local/share/rcssl');

const PROGRAMS = Object.fromEntries(
  ['certutil', 'sudo', 'update-ca-certificates', 'update-ca-trust', 'trust', 'chromium', 'keytool'].map((name) => [
    `/usr/bin/${name}`,
    '',
  ]),
);
const JDK = { '/opt/jdk/lib/security/cacerts': '', '/opt/jdk/bin/keytool': '' };
const MAC_PROFILE = '/Users/ada/Library/Application Support/Firefox/Profiles/x1.default-release';

const COMPUTERS: Record<string, Described> = {
  fedora: {
    files: { ...PROGRAMS, '/etc/pki/ca-trust/source/anchors/README': '', '/usr/local/share/ca-certificates/x': '' },
  },
  arch: { files: { ...PROGRAMS, '/etc/ca-certificates/trust-source/anchors/x': '' } },
  suse: { files: { ...PROGRAMS, '/etc/pki/trust/anchors/x': '' } },
  alpine: {
    rights: 'root',
    files: { ...PROGRAMS, '/etc/alpine-release': '3.22', '/usr/local/share/ca-certificates/x': '' },
  },
  nixos: { files: { '/etc/NIXOS': '', '/etc/ssl/certs/ca-certificates.crt': '' } },
  debian: {
    env: { JAVA_HOME: '/opt/jdk' },
    files: {
      ...PROGRAMS,
      ...JDK,
      '/usr/local/share/ca-certificates/x': '',
      '/etc/ssl/certs/java/cacerts': '',
      '/usr/lib/jvm/java-17/lib/security/cacerts': '',
      '/home/ada/.local/share/pki/nssdb/cert9.db': '',
      '/home/ada/snap/chromium/current/.pki/nssdb/cert9.db': '',
      '/home/ada/.var/app/org.chromium.Chromium/data/pki/nssdb/cert9.db': '',
      '/home/ada/.mozilla/firefox/a.default/cert9.db': '',
      '/home/ada/.config/mozilla/firefox/b.default/cert9.db': '',
      '/home/ada/snap/firefox/common/.mozilla/firefox/c.default/cert9.db': '',
      '/home/ada/.var/app/org.mozilla.firefox/config/mozilla/firefox/d.default/cert9.db': '',
      '/home/ada/.mozilla/firefox/profiles.ini': '[Profile1]\nIsRelative=0\nPath=/data/e.default\n',
      '/data/e.default/cert9.db': '',
      '/usr/lib/firefox/firefox': '',
    },
  },
  'debian without certutil': {
    files: { '/usr/local/share/ca-certificates/x': '', '/home/ada/.pki/nssdb/cert9.db': '' },
  },
  wsl: {
    env: { WSL_DISTRO_NAME: 'Debian' },
    files: { ...PROGRAMS, '/mnt/c/Windows/System32/certutil.exe': '', '/usr/local/share/ca-certificates/x': '' },
    answers: { 'wslpath -w /home/ada': [0, String.raw`\\wsl.localhost\Debian\home\ada` + '\r\n'] },
  },
  macos: {
    system: 'macos',
    home: '/Users/ada',
    files: {
      '/opt/homebrew/opt/nss/bin/certutil': '',
      [`${MAC_PROFILE}/cert9.db`]: '',
      '/Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home/lib/security/cacerts': '',
      '/Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home/bin/keytool': '',
      '/Applications/Firefox.app/Contents/Resources/omni.ja': '',
    },
  },
  'macos without certutil': { system: 'macos', home: '/Users/ada', files: { [`${MAC_PROFILE}/cert9.db`]: '' } },
  windows: { system: 'windows', home: '/Users/ada', env: { APPDATA: '/Users/ada/AppData/Roaming' } },
};

async function commands(computer: Described): Promise<string> {
  const { ports } = describedComputer(computer);
  const texts: string[] = [];
  for (const id of STORE_IDS) {
    const store = storeNamed(id);
    const found = await store.detect(ports);
    if ('skip' in found) {
      if (found.skip.code !== 'elsewhere') texts.push(`${id}: ${JSON.stringify(found.skip)}`);
      continue;
    }
    for (const place of found.places) {
      const line = (step: Parameters<typeof commandOf>[0]) => {
        const { argv, needs } = commandOf(step, ports.computer());
        return `  ${argv.join(' ')}${needs === 'dialog' ? '   # a window asks' : ''}`;
      };
      const standing = { trusted: true, name: ROOT.id };
      texts.push(
        `${id}: ${place.at}`,
        ' trust',
        ...store.install(place, ROOT, { trusted: false }).map(line),
        ' untrust',
        ...store.remove(place, ROOT, standing).map(line),
      );
    }
  }
  return `${texts.join('\n')}\n`;
}

test.each(Object.entries(COMPUTERS))('the commands of %s', async (name, computer) => {
  await expect(await commands(computer)).toMatchFileSnapshot(`../../fixtures/trust/${name.replaceAll(' ', '-')}.txt`);
});

test.each(['linux', 'macos', 'windows'] as const)('the script for %s', async (system) => {
  const ending = system === 'windows' ? 'ps1' : 'sh';
  await expect(scriptFor(system, ROOT)).toMatchFileSnapshot(`../../fixtures/trust/script-${system}.${ending}`);
});

test('what macOS, Windows and WSL are asked, and how their answers are read', async () => {
  const { sha1, fingerprint, file } = ROOT;
  const keychain = '/Library/Keychains/System.keychain';
  const list = `security find-certificate -a -Z ${keychain}`;
  const verify = `security verify-cert -q -L -l -c ${file}`;
  const listing = `SHA-256 hash: ${fingerprint.toUpperCase()}\nSHA-1 hash: ${sha1}\n`;
  const asked = async (id: StoreId, computer: Described) => {
    const { ports, ran } = describedComputer(computer);
    const found = await storeNamed(id).detect(ports);
    if (!('places' in found)) throw new Error('no place');
    const { trusted } = await storeNamed(id).isTrusted(ports, found.places[0], ROOT);
    return [trusted, ran.at(-1)];
  };
  const mac = { system: 'macos' } as const;
  expect(await asked('macos-system', { ...mac, answers: { [list]: [0, ''] } })).toEqual([false, list]);
  expect(await asked('macos-system', { ...mac, answers: { [list]: [0, listing] } })).toEqual([false, verify]);
  expect(await asked('macos-system', { ...mac, answers: { [list]: [0, listing], [verify]: [0, ''] } })).toEqual([
    true,
    verify,
  ]);
  const query = `certutil -user -verifystore Root ${sha1}`;
  const absent = 'CertUtil: -verifystore command FAILED: 0x80090011 (-2146893807 NTE_NOT_FOUND)';
  expect(await asked('windows-user', { system: 'windows', answers: { [query]: [1, absent] } })).toEqual([false, query]);
  // It could not be asked, which is no answer.
  await expect(asked('windows-user', { system: 'windows' })).rejects.toThrow(StoreFault);
  expect(await asked('windows-user', { system: 'windows', answers: { [query]: [0, ''] } })).toEqual([true, query]);
  const wsl = COMPUTERS['wsl'] ?? {};
  const there = `/mnt/c/Windows/System32/certutil.exe -user -verifystore Root ${sha1}`;
  expect(await asked('wsl', { ...wsl, answers: { ...wsl.answers, [there]: [0, ''] } })).toEqual([true, there]);
  await expect(
    asked('wsl', { ...wsl, answers: { ...wsl.answers, [there]: [126, 'Exec format error'] } }),
  ).rejects.toThrow(StoreFault);
});
