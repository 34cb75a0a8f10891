import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import axe from 'axe-core';
import { expect, it, vi } from 'vitest';
import { openBrowser, SCREENS, type Browser, type Screen, type Tab } from '../testing/browser.ts';
import { run } from '../testing/clients/run.ts';
import { ENROL_CONFIG, enrolling, enrolProject } from '../testing/enrolling.ts';
import { requireProgram } from '../testing/programs.ts';
import type { ScratchProject } from '../testing/project.ts';
import { GUIDES } from './guides.ts';

/*
 * The page in real Chromium, on a desktop, an iPhone and a Pixel as it emulates them. RCSSL_SHOTS=DIR keeps pictures to be
 * looked at.
 */
requireProgram('chromium', 'certutil');

// A browser that hangs says nothing by itself.
vi.setConfig({ testTimeout: 900_000 });

const shots = process.env['RCSSL_SHOTS'];

async function certutil(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run('certutil', args);
  if (code !== 0) throw new Error(`certutil ${args.join(' ')}: ${stderr}`);
}

async function shoot(tab: Tab, name: string): Promise<void> {
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await tab.screenshot(join(shots, `${name}.png`));
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds: WCAG 2.2 A and AA and its best practices. */
async function violations(tab: Tab): Promise<string[]> {
  await tab.evaluate(axe.source);
  const { violations: found } = await tab.evaluate<{ violations: Violation[] }>('axe.run()');
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const devices: readonly [name: string, screen: Screen, guide: string][] = [
  ['desktop', SCREENS.desktop, 'linux'],
  ['desktop, dark', { ...SCREENS.desktop, dark: true }, 'linux'],
  ['iphone', SCREENS.iphone, 'ios'],
  ['pixel', SCREENS.pixel, 'android'],
  ['pixel, dark', { ...SCREENS.pixel, dark: true }, 'android'],
];

async function checkIn(tab: Tab): Promise<string> {
  await tab.evaluate("document.querySelector('#check button').click()");
  await tab.until("['passed', 'refused', 'unreached'].includes(document.getElementById('check').dataset.state)");
  return tab.evaluate("document.getElementById('check').dataset.state");
}

/** What the check says while the root is trusted by nobody, on every device; with downloads and axe. */
async function untrusted(browser: Browser, project: ScratchProject): Promise<void> {
  const { listening, events } = await enrolling(project);
  for (const [name, screen, guide] of devices) {
    const tab = await browser.open(screen);
    await tab.go(listening.url);
    expect(await tab.evaluate('document.documentElement.dataset.guide')).toBe(guide);
    expect(await violations(tab), name).toEqual([]);
    const isWide = await tab.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    expect(isWide, `${name} scrolls sideways`).toBe(false);
    await shoot(tab, name.replaceAll(', ', '-'));
    expect(await checkIn(tab), name).toBe('refused');
    expect(await violations(tab), `${name}, refused`).toEqual([]);
    await shoot(tab, `${name.replaceAll(', ', '-')}-refused`);
  }
  expect(events.filter(({ type }) => type === 'check')).toMatchObject(
    devices.map(() => ({ passed: false, reached: true })),
  );
}

it('the check fails before the browser trusts the root and passes after, on every device', async () => {
  const project = await enrolProject();
  const home = project.path('home');
  const database = `sql:${join(home, '.pki/nssdb')}`;
  mkdirSync(join(home, '.pki/nssdb'), { recursive: true });
  await certutil('-N', '-d', database, '--empty-password');
  const before = await openBrowser(home);
  await untrusted(before, project);
  await before.close();
  await certutil('-A', '-d', database, '-n', 'rcssl-test', '-t', 'C,,', '-i', project.path('certs/root.crt'));
  const browser = await openBrowser(home);
  const { listening, events, stop } = await enrolling(project);
  for (const [name, screen] of devices) {
    const tab = await browser.open(screen);
    await tab.go(listening.url);
    expect(await checkIn(tab), name).toBe('passed');
    expect(await violations(tab), `${name}, passed`).toEqual([]);
    await shoot(tab, `${name.replaceAll(', ', '-')}-passed`);
  }
  const direct = await browser.open(SCREENS.desktop);
  await direct.go(listening.check.state === 'ready' ? listening.check.url : '');
  expect(await direct.evaluate('document.body.innerText')).toContain('this device trusts');
  expect(await violations(direct)).toEqual([]);
  await stop();
  expect(events.filter(({ type }) => type === 'check')).toMatchObject(
    Array.from({ length: 6 }, () => ({ passed: true })),
  );
  // The dark ones are the same devices.
  expect(events.at(-1)).toMatchObject({ type: 'stopped', visitors: 3, trusting: 3 });
});

it('every download has the bytes of the root, by a click on the button', async () => {
  const project = await enrolProject();
  const browser = await openBrowser(project.path('home'));
  const { listening, events } = await enrolling(project);
  const pem = project.read('certs/root.crt');
  const der = Buffer.from(pem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
  const take = async (screen: Screen): Promise<string> => {
    const tab = await browser.open(screen);
    await tab.go(listening.url);
    return browser.download(() => tab.evaluate("document.querySelector('.button').click()"));
  };
  const profile = await take(SCREENS.iphone);
  expect(basename(profile)).toBe('rocket-chat-development-root.mobileconfig');
  expect(readFileSync(profile, 'utf8').replaceAll(/\s/g, '')).toContain(`<data>${der.toString('base64')}</data>`);
  const crt = await take(SCREENS.pixel);
  expect(basename(crt)).toBe('rocket-chat-development-root.crt');
  expect(readFileSync(crt)).toEqual(der);
  expect(readFileSync(await take(SCREENS.desktop), 'utf8')).toBe(pem);
  expect(events.flatMap((event) => (event.type === 'download' ? [event.file] : []))).toEqual([
    'mobileconfig',
    'crt',
    'pem',
  ]);
});

it('the steps of every system read well to a screen reader, with a check and without', async () => {
  const ready = await enrolProject();
  const undeclared = await enrolProject({ ...ENROL_CONFIG, hosts: ['chat.local'] });
  const browser = await openBrowser(ready.path('home'));
  const tab = await browser.open(SCREENS.desktop);
  for (const project of [ready, undeclared]) {
    const { listening } = await enrolling(project);
    for (const guide of GUIDES) {
      await tab.go(`${listening.url}?for=${guide}`);
      await tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
      expect(await violations(tab), `${guide}, ${listening.check.state}`).toEqual([]);
      await shoot(tab, `${guide}-${listening.check.state}`);
    }
  }
});

it('an iPad that says it is a Mac is told what an iPad needs', async () => {
  const project = await enrolProject();
  const browser = await openBrowser(project.path('home'));
  const { listening } = await enrolling(project);
  const userAgent =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
  const mac = await browser.open({ ...SCREENS.desktop, userAgent });
  await mac.go(listening.url);
  expect(await mac.evaluate('document.documentElement.dataset.guide')).toBe('macos');
  const ipad = await browser.open({ width: 820, height: 1180, scale: 2, isMobile: true, userAgent });
  await ipad.go(listening.url);
  await ipad.until("document.documentElement.dataset.guide === 'ios'");
});

it('without JavaScript all is there up to the check, which is a link then', async () => {
  const project = await enrolProject();
  const browser = await openBrowser(project.path('home'));
  const { listening } = await enrolling(project);
  const tab = await browser.open(SCREENS.iphone, { javaScript: false });
  await tab.go(listening.url);
  expect(await tab.evaluate("document.querySelectorAll('ol > li').length")).toBe(3);
  expect(await tab.evaluate("document.querySelector('#check noscript a').href")).toMatch(
    /^https:\/\/127\.0\.0\.1:\d+\//,
  );
  expect(await tab.evaluate("document.querySelector('#check button').checkVisibility()")).toBe(false);
  await shoot(tab, 'iphone-without-javascript');
});
