import { HOUR, SECOND, type Duration } from '../kernel/duration.ts';
import type { Instant } from '../kernel/instant.ts';

export interface Window {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/**
 * The window of a certificate issued at `now`. It begins a little in the past, so that a phone whose clock is behind
 * takes it, and its whole length is `validity`, so that the 825 days that Apple allows are not crossed by the head start.
 * The head start is at most a third of the time before renewal: a fresh certificate is never due.
 * `earliest`: the issuer's own beginning, which a certificate never precedes.
 */
export function windowAt(now: Instant, validity: Duration, renewBefore: Duration, earliest: Instant): Window {
  const headStart = Math.min(HOUR, (validity - renewBefore) / 3);
  const notBefore = Math.max(Math.floor((now - headStart) / SECOND) * SECOND, earliest);
  return { notBefore, notAfter: notBefore + validity - SECOND };
}
