import { formatInstant, type Instant } from '../kernel/instant.ts';
import type { System } from '../kernel/ports.ts';
import { template } from './template.ts';

const listed = (words: readonly string[]): string => words.join(', ');

function setClock(system: System): string {
  if (system === 'macos') return 'sudo sntp -sS time.apple.com';
  return system === 'windows' ? 'w32tm /resync' : 'sudo timedatectl set-ntp true';
}

/** Why a store has no place here, by its code. */
const ABSENCES: Readonly<Record<string, string>> = {
  'not-found': 'not found here',
  'takes-system': "takes the system's roots",
  'not-json': 'its file is no JSON',
  'interop-off': 'Windows cannot be asked from here',
  nixos: 'declared in the configuration of the system',
};

/** What to change where a client refuses what the configuration itself asks for, by the code of the refusal. */
const CHANGES: Readonly<Record<string, string>> = {
  'inspect-validity-apple': "validity: '825d' or less, then: rcssl apply",
  'inspect-key-ed25519': "key: 'ecdsa-p256', then: rcssl apply",
  'inspect-ca-ed25519': "ca: { key: 'ecdsa-p256' }, then: rcssl apply --replace-root",
  'inspect-not-for-servers': "usage: ['server', 'client'], then: rcssl apply",
  'inspect-name-underscore': 'a hyphen in place of the underscore, then: rcssl apply',
  'inspect-wildcard-too-wide': 'declare the names themselves, or a wildcard one label deeper',
};

/** What `doctor` finds of the project and of this computer: the reason, and the fix as its hint. */
export const doctorProjectTemplates = {
  'doctor-files': template(
    'note',
    ({ count }: { count: number }) => `${count === 1 ? 'one host is' : `all ${count} hosts are`} as declared`,
  ),
  'doctor-files-due': template(
    'warning',
    ({ names }: { names: readonly string[] }) => `renewal is due: ${listed(names)}`,
    () => 'rcssl apply',
  ),
  'doctor-files-pending': template(
    'error',
    ({ names }: { names: readonly string[] }) => `not as declared: ${listed(names)}`,
    () => 'rcssl plan says why, rcssl apply mends it',
  ),
  'doctor-keys': template('note', ({ count }: { count: number }) => `${count} private, and in no repository`),
  'doctor-store': template(
    'note',
    ({ title, at }: { title: string; at: string }) => `${title} trusts the root (${at})`,
  ),
  'doctor-store-distrusts': template(
    'warning',
    ({ title, at }: { title: string; at: string; id: string }) => `${title} does not trust the root (${at})`,
    ({ id }) => `rcssl trust --store ${id}`,
  ),
  'doctor-store-lacks': template(
    'error',
    ({ title, at }: { title: string; at: string; id: string }) =>
      `${title} is declared under trust, and does not trust the root (${at})`,
    ({ id }) => `rcssl trust --store ${id}, or rcssl apply --trust`,
  ),
  'doctor-store-skipped': template(
    'note',
    ({ title, why, tool }: { title: string; why: string; tool: string | undefined }) =>
      `${title}: ${tool === undefined ? (ABSENCES[why] ?? why) : `${tool} is not installed`}`,
  ),
  'doctor-store-silent': template(
    'warning',
    ({ title, why }: { title: string; why: string }) => `${title} could not be asked: ${why}`,
    () => 'rcssl trust --status says more',
  ),
  'doctor-trusted-nowhere': template(
    'error',
    ({ root }: { root: string }) => `no store of this computer trusts ${root}`,
    () => 'rcssl trust, or rcssl exec -- COMMAND for one command',
  ),
  'doctor-clients': template('note', (_: object) => 'no known client refuses it'),
  'doctor-client-refuses': template(
    'warning',
    ({ name, text }: { name: string; text: string; why: string; isOurs: boolean }) => `${name}: ${text}`,
    ({ why, isOurs }) =>
      (isOurs ? CHANGES[why] : undefined) ?? 'let rcssl issue it: rcssl apply, and give the server that certificate',
  ),
  'doctor-clock': template('note', ({ now }: { now: Instant }) => formatInstant(now)),
  'doctor-clock-behind': template(
    'error',
    ({ now, first }: { now: Instant; first: Instant; system: System }) =>
      `it is ${formatInstant(now)} here, and a certificate of this project begins at ${formatInstant(first)}`,
    ({ system }) => setClock(system),
  ),
  'doctor-clock-apart': template(
    'warning',
    ({ now, theirs }: { now: Instant; theirs: Instant; system: System }) =>
      `it is ${formatInstant(now)} here, and ${formatInstant(theirs)} at the server`,
    ({ system }) => `here, if it is this one that is wrong: ${setClock(system)}`,
  ),
  'doctor-hsts': template('note', ({ host }: { host: string }) => `nobody remembers ${host} as https alone`),
  'doctor-hsts-sent': template(
    'warning',
    ({ host, seconds }: { host: string; seconds: number }) =>
      `the server tells browsers to open ${host} by https alone for ${Math.ceil(seconds / 86_400)} days`,
    () => 'leave hsts out of the proxy; a Strict-Transport-Security with max-age=0 takes it back',
  ),
  'doctor-hsts-remembered': template(
    'warning',
    ({ host, browser, at }: { host: string; browser: string; at: string }) =>
      `${browser} remembers ${host} as https alone, and lets nobody pass a certificate error (${at})`,
    ({ host, browser }) =>
      browser === 'Firefox'
        ? `History, a page of ${host}, Forget About This Site`
        : `chrome://net-internals/#hsts, Delete domain security policies: ${host}`,
  ),
  'doctor-preloaded': template(
    'warning',
    ({ names }: { names: readonly string[] }) =>
      `browsers open ${listed(names)} by https alone, from their first start`,
    () => 'a name under .test, .localhost, .internal or .local, where plain HTTP is wanted too',
  ),
  'doctor-public': template(
    'note',
    ({ names }: { names: readonly string[] }) =>
      `under a public top-level domain: ${listed(names)}; where it is yours, Let's Encrypt needs no root on any device`,
  ),
};
