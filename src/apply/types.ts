import type { OwnerId } from '../kernel/ids.ts';
import type { ManifestEntry } from '../inventory/types.ts';

/** A file that the transaction puts in its place. */
export interface Write {
  readonly path: string;
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly gid: number | undefined;
  readonly mayLoseGroup?: boolean;
  /** Of the folders that have to be made for it: 0700 for a key. Where two files differ, the stricter one counts. */
  readonly folderMode: number;
  readonly folderGid?: number | undefined;
  /** A private key, or a copy of one: it goes through no link out of the project. */
  readonly secret?: boolean;
  /** A link, of which the bytes are what it says. */
  readonly isLink?: boolean;
}

/** A file that nothing declares any more, as it was when that was found. */
export interface Removed {
  readonly path: string;
  /** SHA-256, lower-case hex. */
  readonly hash: string;
}

/** The files of one owner, which belong together. */
export interface Unit {
  readonly owner: OwnerId;
  /** Of layout `atomic`: the folder that all its files lie in. */
  readonly link?: string | undefined;
  /** Taken away first: certificates that must not stand beside the new key. */
  readonly clear: readonly string[];
  /** Put in place in this order. */
  readonly writes: readonly Write[];
  /** Paths whose old content goes to the archive. */
  readonly archives: readonly string[];
  /** What the manifest has to say of the new files. */
  readonly records: readonly (readonly [path: string, entry: Omit<ManifestEntry, 'config'>])[];
}
