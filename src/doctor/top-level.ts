/**
 * Top-level domains that browsers know from their first start to be https alone, those under which anybody can register: Chromium's
 * transport_security_state_static.json, which Firefox and Safari take over. Private ones of single companies are left out.
 */
export const PRELOADED: ReadonlySet<string> = new Set(
  'app boo channel dad day dev esq fly foo ing meme mov new nexus page phd prof rsvp zip'.split(' '),
);

/** RFC 2606, 6761, 6762, 8375, and ICANN's resolution of 2024 about `internal`: no registry will ever give one away. */
const RESERVED = ['test', 'local', 'localhost', 'internal', 'example', 'invalid', 'home.arpa', 'onion'];

export function isReserved(name: string): boolean {
  return RESERVED.some((top) => name === top || name.endsWith(`.${top}`));
}
