/** A length of time in milliseconds. */
export type Duration = number;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

// A year is 365 days: the validity of a certificate is counted in days, never by the calendar.
const UNITS = {
  s: SECOND,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
  y: 365 * DAY,
} as const;

/** Reads `90s`, `10m`, `12h`, `365d`, `2w`, `2y` as milliseconds; undefined for anything else, zero included. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^([1-9]\d{0,8})([smhdwy])$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS];
}

/** Writes a duration in the largest unit that divides it, days before weeks and years: `365d`, `90s`. */
export function formatDuration(duration: Duration): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (duration >= UNITS[unit] && duration % UNITS[unit] === 0) return `${duration / UNITS[unit]}${unit}`;
  }
  return `${Math.round(duration / SECOND)}s`;
}
