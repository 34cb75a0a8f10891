import { isAbsolute, relative, sep } from 'node:path';

/** A resolved path is a resolved folder, or lies below it. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** A path as people and files of state have it: relative to `base`, `/` between folders, where it lies in it. */
export function pathFrom(base: string, path: string): string {
  const inside = relative(base, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/');
}

/** macOS and Windows have no case, and macOS composes letters: two spellings there are one file. */
export function foldedPath(file: string): string {
  // ASCII needs no normalising, and most paths are
  return (/^[\u0000-\u007f]*$/.test(file) ? file : file.normalize('NFC')).toLowerCase();
}
