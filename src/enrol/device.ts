/** What a page has to know of a device to tell its owner what to do. */
export interface Device {
  readonly system: System;
  readonly browser: Browser;
}

const SYSTEMS = ['ios', 'android', 'macos', 'windows', 'linux', 'chromeos'] as const;
export type System = (typeof SYSTEMS)[number];

/** `other`: none of these, as the browser within an app is. */
type Browser = 'safari' | 'chrome' | 'edge' | 'firefox' | 'other';

// The first that fits: Android says Linux too, and Windows phones of old said Android.
const SYSTEM_SIGNS: readonly (readonly [RegExp, System])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, 'ios'],
  [/\bCrOS\b/, 'chromeos'],
  [/\bWindows\b/, 'windows'],
  [/\bAndroid\b/, 'android'],
  [/\bMacintosh\b/, 'macos'],
];

// Everybody says Safari, and all but Firefox say Chrome as well: Chrome on iOS is CriOS, Firefox FxiOS, Edge EdgiOS.
const BROWSER_SIGNS: readonly (readonly [RegExp, Browser])[] = [
  [/\b(?:Firefox|FxiOS)\//, 'firefox'],
  [/\b(?:Edg|EdgA|EdgiOS)\//, 'edge'],
  [/; wv\)/, 'other'],
  [/\b(?:OPR|OPT|SamsungBrowser|YaBrowser|Vivaldi|DuckDuckGo)\//, 'other'],
  [/\b(?:Chrome|Chromium|HeadlessChrome|CriOS)\//, 'chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'safari'],
];

/**
 * By the User-Agent header, which anybody may write: only words of our own come out. An iPad in its usual mode says that it is
 * a Macintosh; the page's script tells it by its fingers.
 */
export function deviceOf(userAgent: string): Device {
  const text = userAgent.slice(0, 512);
  const find = <T>(signs: readonly (readonly [RegExp, T])[]): T | undefined =>
    signs.find(([sign]) => sign.test(text))?.[1];
  return { system: find(SYSTEM_SIGNS) ?? 'linux', browser: find(BROWSER_SIGNS) ?? 'other' };
}

export function isSystem(word: string | undefined): word is System {
  return SYSTEMS.some((system) => system === word);
}
