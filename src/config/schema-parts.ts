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
const length = text(DURATION, /^[1-9]\d{0,8}[smhdwy]$/).check(
  z.refine<string>((value) => (parseDuration(value) ?? 0) <= LONGEST, { error: () => DURATION }),
);

export function duration() {
  return z.optional(length);
}

const bits = text("permission bits as a text, such as '0640'", /^0?[0-7]{3}$/);

function mode() {
  return z.optional(bits);
}

const groupName = z.union([text('a group', /^[^\0\s]+$/), z.int().check(z.nonnegative())], {
  error: () => "a group's name or number",
});

/** Neither empty nor a folder: the last part is a name. */
export const FILE_PATH = /^(?!(?:[^\0]*[/\\])?\.{0,2}$)[^\0]+$/;
const OUTSIDE = 'Leave to write outside the project.';

const file = text("a file's path", FILE_PATH);

const place = object(
  {
    path: doc(text("a file's path", FILE_PATH), 'The file, relative to this configuration.'),
    mode: doc(
      mode(),
      'Permission bits as a text, such as 0640. Default: 0600 for what holds a key, 0644 for the rest.',
    ),
    group: doc(
      z.optional(groupName),
      'The group that owns the file, by name or number: for containers that run as another user.',
    ),
    outside: doc(flag(), OUTSIDE, false),
  },
  'a path, or an object with path',
);

const fileOutput = z.union([file, place], { error: () => "a file's path, or an object with path, mode or group" });
const fileOrFalse = z.union([file, place, z.literal(false)], {
  error: () => "a file's path, an object with path, mode or group, or false",
});

export function output() {
  return z.optional(fileOutput);
}

export function outputOrFalse() {
  return z.optional(fileOrFalse);
}

const FOLDER = "a folder's path";

export function folder() {
  const inFull = object(
    {
      path: doc(text(FOLDER, /^[^\0]+$/), 'The folder, relative to this configuration.'),
      mode: doc(mode(), 'Permission bits of the folder when it is made, as a text such as 0755. Default: 0700.'),
      group: doc(z.optional(groupName), 'The group that owns the folder when it is made, by name or number.'),
      outside: doc(flag(), OUTSIDE, false),
    },
    'a path, or an object with path',
  );
  return z.optional(
    z.union([text(FOLDER, /^[^\0]+$/), inFull], { error: () => `${FOLDER}, or an object with path, mode or group` }),
  );
}
