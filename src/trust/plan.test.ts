import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readCertificates } from '../pki/certificate-read.ts';
import type { StoreLook } from './look.ts';
import { planTrust, type TrustWish } from './plan.ts';
import { remember } from './registry.ts';
import { trustRoot } from './root.ts';
import type { Place, Standing } from './types.ts';

const [certificate] = readCertificates(readFileSync('fixtures/trust/root.crt'));
if (!certificate) throw new Error('the fixture is no certificate');
const ROOT = trustRoot(certificate.der, '/data');
const COMPUTER = { system: 'linux', home: '/home/ada', rights: 'user' } as const;
const WISH: TrustWish = { add: [], remove: [], named: undefined, userOnly: false, canAsk: true, canRoot: true };
const NSS: Place = { at: '/db', needs: 'nothing', tool: 'certutil' };

const at = (store: StoreLook['store'], place: Place, standing: Standing): StoreLook => ({
  store,
  found: { places: [{ place, standings: new Map([[ROOT.fingerprint, standing]]) }] },
});
const change = (
  wish: Partial<TrustWish>,
  looks: readonly StoreLook[],
  known: readonly (readonly [StoreLook['store'], string])[] = [],
) => {
  const registry = known.reduce<ReturnType<typeof remember>>(
    (all, [store, place]) => remember(all, ROOT, 'Root', { store, at: place, since: 0, project: '/p' }),
    [],
  );
  return planTrust({ ...WISH, ...wish }, looks, registry, COMPUTER).map(({ change: of, skip }) => skip?.code ?? of);
};
const adding = (wish: Partial<TrustWish>, ...looks: StoreLook[]) => change({ ...wish, add: [ROOT] }, looks);
const removing = (looks: readonly StoreLook[], ...known: (readonly [StoreLook['store'], string])[]) =>
  change({ remove: [ROOT] }, looks, known);

const absent = { trusted: false };
const SYSTEM: Place = { at: '/anchors', needs: 'root' };

test('adds where it is not, and says why not elsewhere', () => {
  expect(adding({}, at('chromium', NSS, absent))).toEqual(['add']);
  expect(adding({}, at('chromium', NSS, { trusted: true, name: 'By hand' }))).toEqual(['keep']);
  expect(adding({}, at('chromium', NSS, { trusted: false, name: 'By hand' }))).toEqual(['without-trust']);
  // Its own entry that has lost its trust gets it again.
  expect(adding({}, at('chromium', NSS, { trusted: false, name: ROOT.id }))).toEqual(['add']);
  expect(adding({}, at('bundle', NSS, absent))).toEqual(['named-only']);
  expect(adding({ named: ['bundle'] }, at('bundle', NSS, absent))).toEqual(['add']);
  expect(adding({ userOnly: true }, at('debian', SYSTEM, absent))).toEqual(['needs-root']);
  expect(adding({ canRoot: false }, at('debian', SYSTEM, absent))).toEqual(['no-sudo']);
  const dialog: Place = { at: 'login', needs: 'dialog' };
  expect(adding({ canAsk: false, userOnly: true }, at('macos-login', dialog, absent))).toEqual(['needs-dialog']);
  expect(adding({}, at('macos-login', dialog, absent))).toEqual(['named-only']);
  expect(adding({}, { store: 'fedora', found: { skip: { code: 'elsewhere' } } })).toEqual([]);
});

test("a Java that is made from the system's store follows it", () => {
  const java = at('java', { at: '/cacerts', needs: 'root', fed: true }, absent);
  expect(adding({}, at('debian', SYSTEM, absent), java)).toEqual(['add', 'add']);
  expect(adding({}, java)).toEqual(['fed']);
  expect(adding({ userOnly: true }, at('debian', SYSTEM, absent), java)).toEqual(['needs-root', 'fed']);
});

test('removes what rcssl put there, and nothing else', () => {
  expect(removing([at('chromium', NSS, { trusted: true, name: ROOT.id })])).toEqual(['remove']);
  expect(removing([at('java', NSS, { trusted: true, name: `debian:${ROOT.id}.pem` })])).toEqual(['remove']);
  expect(removing([at('chromium', NSS, { trusted: true, name: 'By hand' })])).toEqual(['not-ours']);
  expect(removing([at('chromium', NSS, { trusted: true, name: 'Renamed' })], ['chromium', '/db'])).toEqual(['remove']);
  expect(removing([at('debian', SYSTEM, { trusted: true })])).toEqual(['not-ours']);
  // The anchor went, and what is made of it was not made anew: half of it is done once more.
  expect(removing([at('debian', SYSTEM, { trusted: true })], ['debian', SYSTEM.at])).toEqual(['remove']);
  expect(removing([at('chromium', NSS, absent)])).toEqual([]);
  expect(removing([at('chromium', NSS, absent)], ['chromium', '/db'])).toEqual(['forget']);
  expect(removing([at('chromium', NSS, absent)], ['chromium', '/gone'])).toEqual(['forget']);
  // A policy of Firefox has brought it into a profile under a name of its own.
  const profile = at('firefox', NSS, { trusted: true, name: 'Root - Org' });
  expect(removing([profile])).toEqual(['not-ours']);
  expect(removing([profile], ['firefox-policy', '/policies.json'])).toEqual(['remove']);
});

test('what cannot be asked is a fault, and is neither added nor forgotten', () => {
  const fault = { argv: ['certutil'], output: 'SEC_ERROR_BAD_DATABASE' };
  const broken: StoreLook = {
    store: 'firefox',
    found: { places: [{ place: NSS, standings: new Map([[ROOT.fingerprint, { fault }]]) }] },
  };
  expect(adding({}, broken, { store: 'java', found: { fault } })).toEqual(['fault', 'fault']);
  expect(removing([broken], ['firefox', '/db'])).toEqual(['fault']);
});
