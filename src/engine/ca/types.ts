import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { OwnerId } from '../../kernel/ids.ts';
import type { SecretRef } from '../../kernel/secret-ref.ts';
import type { DistinguishedName } from '../../pki/facts.ts';
import type { AloneOptions, ApplyResult, ProjectOptions } from '../types.ts';

/** A root of this place: the one that signs, or one that it replaced. */
export interface RootEntry {
  readonly state: 'live' | 'archived';
  readonly name: string;
  readonly subject: DistinguishedName;
  readonly keyKind: string;
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
  /** The live root's certificate, or the folder of the archive. Relative to the project where it lies in it. */
  readonly path: string;
  /** Where its key is; `encrypted`: one lies beside it that nobody can tell without its passphrase. */
  readonly key: 'live' | 'archived' | 'encrypted' | 'missing';
  /** The hosts of this project whose certificates on the disk its key has signed. */
  readonly hosts: readonly OwnerId[];
}

interface CaResult {
  /** The configuration file, absolute. */
  readonly config: string;
  /** The folder that paths are shown relative to: the configuration's. */
  readonly root: string;
  readonly diagnostics: readonly Diagnostic[];
}

export interface CaListResult extends CaResult {
  readonly now: Instant;
  /** Of the configuration. */
  readonly name: string;
  readonly shared: boolean;
  /** The live one first, then the archive, the newest first. */
  readonly roots: readonly RootEntry[];
}

/** A root in a backup. */
export interface BackedUpRoot {
  readonly state: 'live' | 'archived';
  readonly name: string;
  /** SHA-256 of its certificate; undefined where the key is there alone. */
  readonly fingerprint: string | undefined;
}

export interface BackupResult extends CaResult {
  /** Absolute. */
  readonly file: string;
  readonly roots: readonly BackedUpRoot[];
}

export interface RestoreResult extends BackupResult, Pick<ApplyResult, 'recovered'> {
  /** What was written, absolute: files of the root, and folders of the archive; none where all was there. */
  readonly restored: { readonly files: readonly string[]; readonly archive: readonly string[] };
  /** Nothing is left to do for the configuration. */
  readonly complete: boolean;
}

export interface BackupOptions extends ProjectOptions {
  /** The backup, relative to `cwd`. */
  readonly file: string;
  readonly passphrase: SecretRef;
  /** Told before the seconds that a passphrase costs. */
  readonly onLock?: () => void;
  /** log2 of the work that a guess costs; only tests have a reason to say less. */
  readonly work?: number;
}

export interface RestoreOptions extends Omit<BackupOptions, 'work' | 'signal'>, AloneOptions {
  /** Default true. */
  readonly durable?: boolean;
}
