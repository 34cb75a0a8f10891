import { template } from './template.ts';

/** What can be wrong with trust stores, or with what rcssl knows of them. */
export const trustTemplates = {
  'trust-no-root': template(
    'error',
    ({ name }: { name: string }) => `there is no root ${name} yet that anything could trust`,
    () => 'rcssl apply makes it',
  ),
  'trust-root-broken': template(
    'error',
    (_: object) => 'is no certificate of a root that could be trusted',
    () => 'rcssl plan says what is wrong with it',
  ),
  'trust-store-unknown': template(
    'error',
    ({ name }: { name: string; near: string | undefined; known: readonly string[] }) => `unknown trust store: ${name}`,
    ({ near, known }) => (near === undefined ? `one of ${known.join(', ')}` : `did you mean ${near}`),
  ),
  'trust-store-elsewhere': template(
    'error',
    ({ name }: { name: string }) => `the trust store ${name} belongs to another system`,
    () => 'rcssl trust --status lists those of this computer',
  ),
  'trust-registry-broken': template(
    'error',
    (_: object) => 'cannot be read, and it alone knows where rcssl put which roots',
    () => 'restore it from a backup, or move it away: rcssl then finds only what has rcssl in its name',
  ),
  'trust-registry-newer': template(
    'error',
    ({ version }: { version: number }) => `written by a newer rcssl (format ${version})`,
    () => 'update rcssl',
  ),
  'trust-unconstrained': template(
    'warning',
    ({ name }: { name: string }) =>
      `the root ${name} has no name constraints: whoever gets its key can pass for any site towards what trusts it`,
    () => 'keep its key to yourself; rcssl ca backup moves it off this disk, and a root made by rcssl has constraints',
  ),
  'trust-needs-leave': template(
    'error',
    ({ command }: { command: string }) => `rcssl ${command} changes trust stores, and nobody is here to be asked`,
    ({ command }) => `rcssl ${command} --dry-run shows what it would do, rcssl ${command} --yes does it`,
  ),
  'trust-declined': template('error', (_: object) => 'no trust store was changed'),
  'destroy-declined': template('error', (_: object) => 'nothing was removed, and no trust store was changed'),
  'destroy-needs-leave': template(
    'error',
    (_: object) => 'rcssl destroy removes what rcssl made here, and nobody is here to be asked',
    () => 'rcssl destroy --dry-run shows what it would do, rcssl destroy --yes does it',
  ),
  'destroy-root-new': template(
    'error',
    (_: object) => 'the root was made anew meanwhile, and the new one is in no backup: nothing was removed',
    () => 'rcssl destroy, with another name for the backup',
  ),
  'destroy-stopped': template(
    'error',
    (_: object) => 'stopped after the backup: no file was removed, and some stores may trust the root no longer',
    () => 'rcssl trust --status says which; rcssl destroy again goes on, with another name for the backup',
  ),
  'destroy-still-trusted': template(
    'error',
    (_: object) =>
      'a store still has the root, or could not be asked: the root is in the backup, and no file was removed',
    () =>
      'mend what the store says, then rcssl destroy again, with another name for the backup; --store NAME… are those that count',
  ),
  'trust-failed': template(
    'error',
    ({ store, why }: { store: string; at: string | undefined; why: string; fix: string | undefined }) =>
      `${store}: ${why}`,
    ({ fix }) => fix,
  ),
};
