/** In the order in which they are changed. */
export const STORE_IDS = [
  'debian',
  'fedora',
  'arch',
  'suse',
  'alpine',
  'macos-system',
  'macos-login',
  'windows-user',
  'windows-machine',
  'wsl',
  'chromium',
  'firefox',
  'firefox-policy',
  'java',
  'bundle',
] as const;

export type StoreId = (typeof STORE_IDS)[number];

/** What `system` stands for; on each computer all but one of them are elsewhere. */
export const SYSTEM_STORES = ['debian', 'fedora', 'arch', 'suse', 'alpine', 'macos-system', 'windows-user'] as const;

/** As a user names stores, in a configuration and on the command line. */
export const STORE_WORDS = ['system', ...STORE_IDS] as const;
export type StoreWord = (typeof STORE_WORDS)[number];
