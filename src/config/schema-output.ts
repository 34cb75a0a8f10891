import * as z from 'zod/mini';
import { onChange } from './schema-hooks.ts';
import { doc, FILE_PATH, flag, object, text } from './schema-parts.ts';

const bits = text("permission bits as a text, such as '0640'", /^0?[0-7]{3}$/);

function mode() {
  return z.optional(bits);
}

const groupName = z.union([text('a group', /^[^\0\s]+$/), z.int().check(z.nonnegative())], {
  error: () => "a group's name or number",
});

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
    onChange: onChange('this file has changed'),
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
