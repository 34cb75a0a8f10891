import * as z from 'zod/mini';
import { DAY, parseDuration } from '../kernel/duration.ts';

// Building schemas is most of what reading a configuration costs at start-up (0.1 ms each, in every run): parts are built
// once and wrapped by `z.optional` where they are used, which carries the words.

z.config({ jitless: true });

/** Registers the words for the JSON Schema. They belong to the instance: each use has a schema of its own. */
export function doc<S extends z.ZodMiniType>(schema: S, description: string, standard?: unknown): S {
  z.globalRegistry.add(schema, standard === undefined ? { description } : { description, default: standard });
  return schema;
}

export function text(expected: string, pattern: RegExp) {
  const error = (): string => expected;
  return z.string({ error }).check(z.regex(pattern, { error }));
}

const truth = z.boolean({ error: () => 'true or false' });

export function flag() {
  return z.optional(truth);
}

export function oneOf<const V extends readonly string[]>(values: V) {
  return z.enum(values, { error: () => `one of ${values.join(', ')}` });
}

export function listOf<S extends z.ZodMiniType>(item: S, expected: string) {
  return z.array(item, { error: () => expected });
}

export function object<S extends z.core.$ZodLooseShape>(shape: S, expected: string) {
  return z.strictObject(shape, { error: () => expected });
}

/** A century: X.509 knows no year 10000 (RFC 5280 section 4.1.2.5.2), and no client is that old. */
const LONGEST = 100 * 365 * DAY;

const DURATION = 'a duration from 1s to 100y, such as 90s, 10m, 12h, 365d, 2w or 2y';
export const length = text(DURATION, /^[1-9]\d{0,8}[smhdwy]$/).check(
  z.refine<string>((value) => (parseDuration(value) ?? 0) <= LONGEST, { error: () => DURATION }),
);

export function duration() {
  return z.optional(length);
}

/** Neither empty nor a folder: the last part is a name. */
export const FILE_PATH = /^(?!(?:[^\0]*[/\\])?\.{0,2}$)[^\0]+$/;

/** A program and its arguments. */
export const argv = listOf(text('an argument', /^[^\0]*$/), 'a list of arguments, the program first').check(
  z.minLength(1, { error: () => 'a list of arguments, the program first' }),
);
