import { expect, it } from 'vitest';
import { diagnostic } from '../diagnostics/diagnostic.ts';
import type { Checked, DoctorResult } from '../engine/doctor.ts';
import { doctorJson, doctorText } from './doctor.ts';
import { plain, type View } from './view.ts';

const NOW = Date.UTC(2026, 10, 25, 12);

const check = (id: Checked['id'], title: string, more: Partial<Checked>): Checked => ({
  id,
  title,
  verdict: 'good',
  findings: [],
  waitsFor: undefined,
  ...more,
});

const served = { from: NOW, path: 'certs/chat.local.crt', files: 'certs/chat.local.fullchain.pem', isOlder: true };

const RESULT: DoctorResult = {
  command: 'doctor',
  now: NOW,
  cwd: '/p',
  config: '/p/rcssl.config.ts',
  url: 'https://chat.local',
  failed: 1,
  diagnostics: [],
  checks: [
    check('name', 'name', {
      findings: [
        { verdict: 'good', told: diagnostic('doctor-name', { host: 'chat.local', addresses: ['192.168.1.20'] }) },
      ],
    }),
    check('multicast', 'mDNS', { verdict: 'idle' }),
    check('served', 'certificate', {
      verdict: 'bad',
      findings: [{ verdict: 'bad', told: diagnostic('doctor-served-other', { ...served, reload: 'nginx -s reload' }) }],
    }),
    check('covers', 'names', { verdict: 'not-looked', waitsFor: 'certificate' }),
    check('chain', 'chain', { verdict: 'not-looked', waitsFor: 'certificate' }),
    check('trust', 'trust', {
      verdict: 'doubt',
      findings: [
        { verdict: 'good', told: diagnostic('doctor-store', { title: 'system store', at: '/etc' }) },
        { verdict: 'doubt', told: diagnostic('doctor-store-distrusts', { title: 'Firefox', at: '/f', id: 'firefox' }) },
        {
          verdict: 'idle',
          told: diagnostic('doctor-store-skipped', { title: 'Java', why: 'not-found', tool: undefined }),
        },
      ],
    }),
  ],
};

const view = (more: Partial<View> = {}) => ({ width: 80, unicode: true, verbose: false, paint: plain, ...more });

it('has a line a finding, each failure with its fix, and says once what waits', () => {
  expect(doctorText(RESULT, view())).toMatchInlineSnapshot(`
    "  ✔ name         chat.local is 192.168.1.20
      ✘ certificate  the server shows a certificate of 2026-11-25, not
                     certs/chat.local.crt
                     fix: nginx -s reload
      · names        not looked at: mend the certificate first; nor chain
      ✔ trust        system store trusts the root (/etc)
      !              Firefox does not trust the root (/f)
                     fix: rcssl trust --store firefox

    1 of 3 checks failed, 1 in doubt
    "
  `);
});

it('on a narrow terminal without signs has the words under their title; with --verbose what is neither good nor bad', () => {
  expect(doctorText(RESULT, view({ width: 40, unicode: false, verbose: true }))).toMatchInlineSnapshot(`
    "  ok name
         chat.local is 192.168.1.20
      !! certificate
         the server shows a certificate of
         2026-11-25, not
         certs/chat.local.crt
         fix: nginx -s reload
      -- names
         not looked at: mend the certificate
         first; nor chain
      ok trust
         system store trusts the root (/etc)
      !  trust
         Firefox does not trust the root
         (/f)
         fix: rcssl trust --store firefox
      -- trust
         Java: not found here

    1 of 3 checks failed, 1 in doubt
    "
  `);
});

it('in JSON has every check, and its facts beside the words', () => {
  expect(doctorJson(RESULT)).toMatchObject({
    command: 'doctor',
    url: 'https://chat.local',
    failed: 1,
    checks: [
      { id: 'name', findings: [{ code: 'doctor-name', args: { host: 'chat.local' } }] },
      { id: 'multicast', verdict: 'nothing-to-look-at' },
      { id: 'served', findings: [{ verdict: 'bad', fix: 'nginx -s reload' }] },
      { id: 'covers', verdict: 'not-looked', waitsFor: 'certificate' },
      { id: 'chain' },
      { id: 'trust', verdict: 'doubt' },
    ],
  });
});

it('moves no cursor by what a server calls itself', () => {
  const told = diagnostic('doctor-chain-broken', { issuer: 'Evil\u001B[2J\nRoot\u202E', root: 'Dev Root' });
  const checks = [check('chain', 'chain', { verdict: 'bad', findings: [{ verdict: 'bad', told }] })];
  expect(doctorText({ ...RESULT, checks }, view())).toContain('Evil\\u{1b}[2J\\u{a}Root\\u{202e}');
});
