import { describe, expect, test } from 'vitest';
import type { TrustLine, TrustOutcome, TrustPlan, TrustResult, TrustStatusResult } from '../engine/trust/types.ts';
import { trustPlanText, trustQuestion, trustText } from './trust.ts';
import { trustStatusText } from './trust-status.ts';
import { failureOf, faultWords } from './trust-words.ts';
import { plain, type View } from './view.ts';

const view: View = {
  width: 80,
  paint: plain,
  unicode: true,
  verbose: false,
  command: 'rcssl',
  project: '',
  selection: '',
};
const LIVE = `3fa1${'00'.repeat(29)}9c`;
const FORMER = `aabb${'00'.repeat(29)}cc`;
const DB = '/home/ada/.pki/nssdb';

const line = (more: Partial<TrustLine>): TrustLine => ({
  store: 'chromium',
  title: 'Chromium, Chrome',
  at: DB,
  root: LIVE,
  change: 'add',
  needs: 'nothing',
  commands: [],
  ...more,
});

const plan = (...lines: TrustLine[]): TrustPlan => ({
  config: '/p/rcssl.config.ts',
  root: '/p',
  home: '/home/ada',
  roots: [
    { fingerprint: LIVE, name: 'Development Root', state: 'live' },
    { fingerprint: FORMER, name: 'Development Root', state: 'former' },
  ],
  lines,
  diagnostics: [],
});

const system = line({
  store: 'debian',
  title: 'system store',
  at: '/usr/local/share/ca-certificates',
  needs: 'root',
  commands: [{ argv: ['sudo', 'update-ca-certificates'], needs: 'root' }],
});
const java = line({
  store: 'java',
  title: 'Java',
  at: undefined,
  change: 'skip',
  skip: { code: 'not-found', what: 'java' },
});
const former = line({
  root: FORMER,
  change: 'remove',
  commands: [{ argv: ['certutil', '-D', 'a b'], needs: 'nothing' }],
});

describe('before the question', () => {
  test('every store with its commands, and who has to be asked', () => {
    expect(trustPlanText(plan(system, line({ change: 'keep' }), former, java), view)).toMatchInlineSnapshot(`
      "Development Root  SHA-256 3F:A1:…:9C

        + system store          /usr/local/share/ca-certificates, needs root: by sudo
            sudo update-ca-certificates
        ✔ Chromium, Chrome      ~/.pki/nssdb, trusts it already
        - Chromium, Chrome      ~/.pki/nssdb, former root AA:BB:…:CC, no longer
                                current
            certutil -D 'a b'
        · Java                  no Java is here, and JAVA_HOME is not set

      stores: 1 to trust it, 1 to take one out of, 1 trusting it already, 1 left out
      "
    `);
    expect(trustQuestion(plan(system, former, java), true)).toBe('Trust "Development Root" (3F:A1:…:9C) in 1 store?');
    expect(trustQuestion(plan(former), false)).toBe('Take out "Development Root" (AA:BB:..:CC) in 1 store?');
  });

  test('where it is narrow and knows no signs', () => {
    const narrow = trustPlanText(plan(java), { ...view, width: 40, unicode: false });
    expect(narrow).toContain('  . Java\n      no Java is here, and JAVA_HOME is\n      not set\n');
  });
});

describe('afterwards', () => {
  const outcome = (of: TrustLine, result: TrustOutcome['result'], more: Partial<TrustOutcome> = {}): TrustOutcome => ({
    ...of,
    result,
    ...more,
  });
  const result = (complete: boolean, ...outcomes: TrustOutcome[]): TrustResult => ({ ...plan(), outcomes, complete });

  test('each store as done, failed or left out', () => {
    const fault = { argv: ['sudo', '-n', 'install'], output: 'sudo: a password is required' };
    const failed = outcome(system, 'failed', { fault });
    expect(trustText(result(false, failed, outcome(line({}), 'done'), outcome(java, 'skipped')), view))
      .toMatchInlineSnapshot(`
        "  ✘ system store          /usr/local/share/ca-certificates, sudo -n install:
                                  sudo: a password is required
          ✔ Chromium, Chrome      ~/.pki/nssdb, trusts it now
          · Java                  no Java is here, and JAVA_HOME is not set

        Browsers that are running see it once they are started again.

        next: rcssl trust --status
        "
      `);
    expect(failureOf(failed)?.fix).toBe('run it in a terminal, where sudo can ask for your password');
  });

  test('commands that went well prove nothing', () => {
    expect(failureOf(outcome(line({}), 'failed', { unproven: true }))?.why).toMatch(/yet the store does not trust it/);
    expect(failureOf(outcome(former, 'failed', { unproven: true }))?.why).toMatch(/yet the store has it still/);
    expect(failureOf(outcome(line({ fed: true }), 'failed', { unproven: true }))?.fix).toMatch(/cacerts/);
    expect(failureOf(outcome(line({}), 'done'))).toBeUndefined();
  });

  test.each([
    ['spawn certutil ENOENT', /^install certutil/],
    ['certutil: function failed: SEC_ERROR_BAD_DATABASE: security library: bad database.', /close the browser/],
    ['SEC_ERROR_BAD_PASSWORD', /in a terminal/],
    ['SecTrustSettings: denied since no user interaction was possible.', /at the screen/],
    ['CertUtil: -addstore FAILED: 0x80070005', /more rights/],
    ['something new', /by hand: certutil -A 'a b'/],
  ])('%s has its own way out', (output, fix) => {
    expect(faultWords({ argv: ['certutil', '-A', 'a b'], output }).fix).toMatch(fix);
  });
});

test('the status names the root that is no longer current', () => {
  const { roots, config, root, home } = plan();
  const state = { store: 'chromium', title: 'Chromium, Chrome', at: DB } as const;
  const since = Date.UTC(2026, 10, 20);
  const status: TrustStatusResult = {
    config,
    root,
    home,
    roots,
    diagnostics: [],
    now: Date.UTC(2026, 10, 25),
    states: [
      { ...state, root: LIVE, state: 'untrusted' },
      { ...state, root: FORMER, state: 'trusted', since, project: '/home/ada/chat' },
    ],
  };
  expect(trustStatusText(status, view)).toMatchInlineSnapshot(`
    "Development Root  live  SHA-256 3F:A1:…:9C
      · Chromium, Chrome      ~/.pki/nssdb, does not trust it

    Development Root  former  SHA-256 AA:BB:…:CC
      ✔ Chromium, Chrome      ~/.pki/nssdb, trusted here, no longer current, since
                              20 Nov for ~/chat

    next: rcssl trust
    "
  `);
});
