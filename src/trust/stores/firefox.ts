import { firefoxProfiles } from '../firefox-profiles.ts';
import { addTo, databases, deleteFrom, standingIn } from '../nss.ts';
import type { TrustStore } from '../types.ts';

/** A database a profile. On macOS and Windows Firefox takes the system's roots by itself since version 120. */
export const firefox: TrustStore = {
  title: 'Firefox',
  chosen: 'always',
  async detect(ports, known = []) {
    const { system } = ports.computer();
    const places = firefoxProfiles(ports, known).map((at) => ({ at }));
    if (system === 'linux' || places.length === 0) return databases(ports, places, 'firefox');
    const found = await databases(ports, places, 'firefox');
    return 'places' in found ? found : { skip: { code: 'takes-system' } };
  },
  isTrusted: standingIn,
  install: addTo,
  remove: deleteFrom,
};
