import { alpine } from './stores/alpine.ts';
import { arch } from './stores/arch.ts';
import { bundle } from './stores/bundle.ts';
import { chromium } from './stores/chromium.ts';
import { debian } from './stores/debian.ts';
import { fedora } from './stores/fedora.ts';
import { firefox } from './stores/firefox.ts';
import { firefoxPolicy } from './stores/firefox-policy.ts';
import { java } from './stores/java.ts';
import { macosLogin, macosSystem } from './stores/macos.ts';
import { suse } from './stores/suse.ts';
import { windowsMachine, windowsUser } from './stores/windows.ts';
import { wsl } from './stores/wsl.ts';
import { STORE_IDS, SYSTEM_STORES, type StoreId, type StoreWord } from './store-ids.ts';
import type { TrustStore } from './types.ts';

/** Every kind of store. The system's come first: Java's may be made from them. */
const STORES = {
  debian,
  fedora,
  arch,
  suse,
  alpine,
  'macos-system': macosSystem,
  'macos-login': macosLogin,
  'windows-user': windowsUser,
  'windows-machine': windowsMachine,
  wsl,
  chromium,
  firefox,
  'firefox-policy': firefoxPolicy,
  java,
  bundle,
} as const satisfies Record<StoreId, TrustStore>;

export function storeNamed(id: StoreId): TrustStore {
  return STORES[id];
}

/** The stores that the words of a user mean: ids, and `system` for that of whatever system this is. */
export function storesMeant(words: readonly StoreWord[]): StoreId[] {
  const meant = new Set(words.flatMap((word) => (word === 'system' ? SYSTEM_STORES : [word])));
  return STORE_IDS.filter((id) => meant.has(id));
}
