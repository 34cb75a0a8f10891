import { expect, it } from 'vitest';
import { deviceOf, isSystem } from './device.ts';
import { guideFor, wantsSafari } from './guides.ts';

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const CHROMIUM = 'AppleWebKit/537.36 (KHTML, like Gecko)';

it.each([
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} Version/26.1 Mobile/15E148 Safari/604.1`,
    'ios safari',
  ],
  [`Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) ${WEBKIT} Version/17.5 Mobile/15E148 Safari/604.1`, 'ios safari'],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1`,
    'ios chrome',
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} FxiOS/145.0 Mobile/15E148 Safari/604.1`,
    'ios firefox',
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} Version/18.6 EdgiOS/142.0 Mobile/15E148 Safari/604.1`,
    'ios edge',
  ],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${WEBKIT} Mobile/15E148`, 'ios other'],
  [`Mozilla/5.0 (Linux; Android 10; K) ${CHROMIUM} Chrome/142.0.0.0 Mobile Safari/537.36`, 'android chrome'],
  [
    `Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) ${CHROMIUM} Version/4.0 Chrome/142.0.0.0 Mobile Safari/537.36`,
    'android other',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${CHROMIUM} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    'android other',
  ],
  ['Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0', 'android firefox'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${WEBKIT} Version/26.1 Safari/605.1.15`, 'macos safari'],
  [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${CHROMIUM} Chrome/142.0.0.0 Safari/537.36`, 'macos chrome'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0', 'macos firefox'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROMIUM} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`,
    'windows edge',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0', 'windows firefox'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${CHROMIUM} HeadlessChrome/142.0.0.0 Safari/537.36`, 'linux chrome'],
  ['Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'linux firefox'],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROMIUM} Chrome/142.0.0.0 Safari/537.36`, 'chromeos chrome'],
  ['curl/8.5.0', 'linux other'],
  ['', 'linux other'],
  [`${'('.repeat(100_000)} iPhone`, 'linux other'],
])('%.90s', (userAgent, wanted) => {
  const { system, browser } = deviceOf(userAgent);
  expect(`${system} ${browser}`).toBe(wanted);
});

it('shows the steps of the system, of Firefox on a computer, or those that somebody asked for', () => {
  const guide = (system: string, browser: 'chrome' | 'firefox', asked?: string): string =>
    isSystem(system) ? guideFor({ system, browser }, asked) : '';
  expect(guide('windows', 'chrome')).toBe('windows');
  expect(guide('windows', 'firefox')).toBe('firefox');
  expect(guide('android', 'firefox')).toBe('android');
  expect(guide('windows', 'firefox', 'windows')).toBe('windows');
  expect(guide('linux', 'chrome', 'constructor')).toBe('linux');
});

it('sends to Safari where only Safari will do', () => {
  expect(wantsSafari({ system: 'ios', browser: 'chrome' }, 'ios')).toBe(true);
  expect(wantsSafari({ system: 'ios', browser: 'safari' }, 'ios')).toBe(false);
  // Whoever reads it elsewhere reads it for another device.
  expect(wantsSafari({ system: 'linux', browser: 'chrome' }, 'ios')).toBe(false);
});
