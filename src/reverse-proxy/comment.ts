import { Unwritable } from './site.ts';

/** A path as a word of a POSIX shell, for a command in a comment, which has one line. */
export function oneLine(path: string): string {
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(path)) {
    throw new Unwritable(path, 'a path with control characters does not fit into a command on one line');
  }
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
