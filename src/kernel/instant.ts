/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Certificates only know whole seconds. */
export type Instant = number;

/** RFC 3339 in UTC, to the second: `2026-11-24T04:05:38Z`. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z');
}
