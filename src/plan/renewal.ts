import type { Duration } from '../kernel/duration.ts';
import { SECOND } from '../kernel/duration.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Reason } from './types.ts';

interface Window {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** RFC 5280 4.1.2.5: both ends belong to the validity, so the last second is part of it. */
export function validityOf({ notBefore, notAfter }: Window): Duration {
  return notAfter - notBefore + SECOND;
}

export function renewalInstant(notAfter: Instant, renewBefore: Duration): Instant {
  return notAfter + SECOND - renewBefore;
}

/** Why a certificate's time asks for a new one, if it does. It counts as due `within` before its end where that is earlier. */
export function timeReasons(
  { notBefore, notAfter }: Window,
  renewBefore: Duration,
  within: Duration | undefined,
  now: Instant,
): Reason[] {
  if (notBefore > now) return [{ code: 'not-yet-valid', notBefore }];
  const renewAt = renewalInstant(notAfter, renewBefore);
  if (now >= notAfter + SECOND) return [{ code: 'expired', notAfter }];
  const due = now >= renewAt || (within !== undefined && now >= renewalInstant(notAfter, within));
  return due ? [{ code: 'expires-soon', notAfter, renewAt }] : [];
}
