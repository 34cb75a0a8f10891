import { template } from './template.ts';

/** What can be wrong when devices are to trust the root. */
export const enrolTemplates = {
  'enrol-root-missing': template(
    'error',
    ({ name }: { name: string }) => `there is no root ${name} yet`,
    () => 'rcssl apply makes it',
  ),
  'enrol-root-blocked': template(
    'error',
    ({ name }: { name: string }) => `what lies here is not the root ${name} as rcssl made it`,
    () => 'rcssl plan says what is wrong with it',
  ),
  'enrol-root-replaced': template(
    'error',
    ({ name }: { name: string }) =>
      `the root ${name} is about to get a new key, and devices would have to trust it anew`,
    () => 'rcssl apply --replace-root first, or take back what rcssl plan shows',
  ),
  'enrol-root-renewed': template(
    'warning',
    ({ name }: { name: string }) =>
      `the root ${name} is about to get a new certificate, and devices should have that one`,
    () => 'rcssl apply first',
  ),
  'enrol-no-lan': template(
    'error',
    (_: object) => 'this computer is in no private network, so that no phone reaches it',
    () => 'join the Wi-Fi that the phone is in; rcssl enrol --host 127.0.0.1 serves this computer alone',
  ),
  'enrol-not-our-address': template(
    'error',
    ({ address }: { address: string; own: readonly string[] }) => `not an address of this computer: ${address}`,
    ({ own }) => (own.length > 0 ? `one of ${own.join(', ')}` : undefined),
  ),
  'enrol-public-address': template(
    'error',
    ({ address }: { address: string }) => `${address} is no private address, and the page is not for the internet`,
    () => 'give the address that this computer has in the network of the phone',
  ),
  'enrol-bad-network': template(
    'error',
    ({ network }: { network: string }) => `not a range of private addresses: ${network}`,
    () => '--network 10.1.0.0/16',
  ),
  'enrol-bad-port': template(
    'error',
    ({ port }: { port: string }) => `not a port: ${port}`,
    () => 'a number from 1 to 65534; the check listens on the one above',
  ),
  'enrol-cannot-listen': template(
    'error',
    ({ address, port, why }: { address: string; port: number; why: string }) =>
      `cannot listen on ${address} port ${port} (${why})`,
    ({ why }) =>
      why === 'EADDRINUSE' ? 'leave out --port: then any that is free will do' : 'another one: rcssl enrol --port 8720',
  ),
  'enrol-needs-leave': template(
    'error',
    ({ address }: { address: string }) => `serving the network of ${address} needs leave`,
    ({ address }) => `rcssl enrol --host ${address}`,
  ),
  'enrol-emulator-needs-leave': template(
    'error',
    (_: object) => 'a change to an emulator needs leave',
    () => 'the same command with --yes',
  ),
  'enrol-declined': template('error', (_: object) => 'nothing was served'),
  'enrol-no-android-project': template(
    'error',
    (_: object) => 'no Android project here: neither app/src/main nor android/app/src/main',
    () => 'name the folder of resources of its debug builds: --out app/src/debug/res',
  ),
  'enrol-not-ours': template(
    'error',
    (_: object) => 'is there already, and is not what rcssl would write',
    () => 'move it away, or copy the debug-overrides of docs/mobile/android.md into it yourself',
  ),
  'enrol-command-failed': template(
    'error',
    ({ command, why, output }: { command: string; why: string; output: string }) =>
      `${command}: ${why}${output === '' ? '' : `\n${output}`}`,
    ({ why }) => (why === 'ENOENT' ? 'is it installed, and on the PATH' : undefined),
  ),
};
