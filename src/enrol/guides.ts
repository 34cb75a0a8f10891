import type { Device, System } from './device.ts';

/** One set of steps: a system's, or that of Firefox on a computer, which has a store of its own. */
export type GuideId = System | 'firefox';

export const GUIDES = [
  'ios',
  'android',
  'macos',
  'windows',
  'linux',
  'chromeos',
  'firefox',
] as const satisfies readonly GuideId[];

/** How the root is written into a file: Apple's profile, DER or PEM. */
export type FileKind = 'mobileconfig' | 'crt' | 'pem';

/** What is downloaded for each. Linux's own tools take PEM alone. */
export const FILE_OF: Readonly<Record<GuideId, FileKind>> = {
  ios: 'mobileconfig',
  android: 'crt',
  macos: 'crt',
  windows: 'crt',
  linux: 'pem',
  chromeos: 'crt',
  firefox: 'crt',
};

/** The steps for a device; `asked` is what its owner chose instead. */
export function guideFor({ system, browser }: Device, asked: string | undefined): GuideId {
  const chosen = GUIDES.find((id) => id === asked);
  if (chosen) return chosen;
  const isComputer = system !== 'ios' && system !== 'android';
  return browser === 'firefox' && isComputer ? 'firefox' : system;
}

/** iOS hands a profile to its settings from Safari alone; other browsers save it as a file. */
export function wantsSafari({ system, browser }: Device, guide: GuideId): boolean {
  return guide === 'ios' && system === 'ios' && browser !== 'safari';
}
