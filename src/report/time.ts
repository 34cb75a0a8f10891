import { DAY, HOUR, MINUTE, SECOND, type Duration } from '../kernel/duration.ts';
import type { Instant } from '../kernel/instant.ts';
import { count } from './words.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const YEAR = 365 * DAY;

/** `13 Apr 2027`, in UTC as certificates have it. */
export function dayText(at: Instant): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `24 Apr`, with the year where it is not within the next eleven months. */
export function nearDayText(at: Instant, now: Instant): string {
  const text = dayText(at);
  return at > now - 30 * DAY && at < now + 330 * DAY ? text.slice(0, -5) : text;
}

/** The whole part in the largest fitting unit: `141 days`, `5 hours`, `2 minutes`. */
function spanText(span: Duration): string {
  const length = Math.abs(span);
  if (length >= 2 * DAY) return count(Math.floor(length / DAY), 'day');
  if (length >= 2 * HOUR) return count(Math.floor(length / HOUR), 'hour');
  if (length >= 2 * MINUTE) return count(Math.floor(length / MINUTE), 'minute');
  return count(Math.floor(length / SECOND), 'second');
}

/** `in 141 days`, `12 days ago`. */
export function distanceText(at: Instant, now: Instant): string {
  return at >= now ? `in ${spanText(at - now)}` : `${spanText(now - at)} ago`;
}

/** The day, and the time too where the day alone would say too little. */
export function momentText(at: Instant, now: Instant): string {
  if (Math.abs(at - now) >= 2 * DAY) return dayText(at);
  const [hour = '', minute = ''] = new Date(at).toISOString().slice(11, 16).split(':');
  return `${dayText(at)} ${hour}:${minute} UTC`;
}

/** `13 Apr 2027, in 141 days`. */
export function whenText(at: Instant, now: Instant): string {
  return `${momentText(at, now)}, ${distanceText(at, now)}`;
}

/** What is left until an end that lies ahead: `2 y 9 m left`, `182 days left`. */
export function leftText(until: Instant, now: Instant): string {
  const left = until - now;
  if (left < 2 * YEAR) return `${spanText(left)} left`;
  const months = Math.floor((left % YEAR) / (YEAR / 12));
  return `${Math.floor(left / YEAR)} y${months > 0 ? ` ${months} m` : ''} left`;
}

/** How long a run took: `84 ms`, `1.1 s`. */
export function tookText(took: Duration): string {
  return took < SECOND ? `${Math.round(took)} ms` : `${(took / SECOND).toFixed(1)} s`;
}

/** A validity in the user's words: `365 days`, `90 minutes`. */
export function validityText(validity: Duration): string {
  if (validity % DAY === 0) return count(validity / DAY, 'day');
  if (validity % HOUR === 0) return count(validity / HOUR, 'hour');
  if (validity % MINUTE === 0) return count(validity / MINUTE, 'minute');
  return count(validity / SECOND, 'second');
}

/** By the clock on the wall of whoever reads it. */
export function clockText(at: Instant): string {
  const date = new Date(at);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => `${part}`.padStart(2, '0')).join(':');
}
