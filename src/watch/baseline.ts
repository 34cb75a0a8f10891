import { dirname, join } from 'node:path';
import type { Files } from '../kernel/ports.ts';

/** How files were at a moment, so that it can be said which are other ones now. Nothing of it is believed but that it differs. */
export interface Baseline {
  /** These are followed from now on; those that are new to it are as they are now. */
  follow(paths: Iterable<string>): void;
  /** A file that changed at or after this moment counts as another one: whoever read it may have read what was before. */
  doubtSince(moment: number, paths: Iterable<string>): void;
  /** All are as they are now. */
  take(): void;
  /** Those that are other ones than they were. */
  changed(): string[];
}

const DOUBT = 'doubt';

export function baseline(files: Files): Baseline {
  let known = new Map<string, string>();
  return {
    follow: (paths) => (known = new Map([...paths].map((path) => [path, known.get(path) ?? lookOf(files, path)]))),
    doubtSince(moment, paths) {
      for (const path of paths) if (changedAt(files, path) >= moment) known.set(path, DOUBT);
    },
    take: () => (known = new Map([...known.keys()].map((path) => [path, lookOf(files, path)]))),
    changed: () => [...known].flatMap(([path, look]) => (lookOf(files, path) === look ? [] : [path])),
  };
}

/** What the system says of a file, and of what it leads to where it is a link. */
function lookOf(files: Files, path: string): string {
  try {
    const entry = files.entry(path);
    if (entry === undefined) return 'none';
    if (entry.kind !== 'symlink') return facts(entry);
    const real = files.entry(files.realPath(path));
    return `${facts(entry)} ${real ? facts(real) : 'none'}`;
  } catch {
    return 'refused';
  }
}

function facts({ kind, identity, size, mode, uid, gid, changed }: NonNullable<ReturnType<Files['entry']>>): string {
  return [kind, identity, size, mode, uid, gid, changed].join(' ');
}

function changedAt(files: Files, path: string): number {
  try {
    return files.entry(files.realPath(path))?.changed ?? 0;
  } catch {
    return 0;
  }
}

/** Where a path leads when the links among its folders are followed; the file itself is not. */
export function realPlace(files: Files, path: string): string {
  try {
    return join(files.realPath(dirname(path)), path.slice(dirname(path).length));
  } catch {
    return path;
  }
}
