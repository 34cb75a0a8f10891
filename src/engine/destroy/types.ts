import type { Doomed } from '../../apply/doomed.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { SecretRef } from '../../kernel/secret-ref.ts';
import type { BackedUpRoot } from '../ca/types.ts';
import type { TrustOptions, TrustPlan, TrustResult } from '../trust/types.ts';
import type { AloneOptions, ProjectOptions } from '../types.ts';

export type { StayReason } from '../../apply/doomed.ts';

/** What `destroy` would do. */
export interface DestroyPlan {
  /** The configuration, which stays, and its folder; absolute. */
  readonly config: string;
  readonly root: string;
  /** The root of the configuration: whether it goes, and whether other projects share it. */
  readonly ca: { readonly name: string; readonly goes: boolean; readonly shared: boolean };
  readonly files: Doomed['files'];
  readonly left: Doomed['left'];
  /** The folders of the archive that go, since the backup has them. */
  readonly archived: readonly string[];
  /** Where the root goes first, absolute; undefined where it stays, or has no key here. */
  readonly backup: string | undefined;
  /** Undefined where the root stays. */
  readonly trust: TrustPlan | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export interface DestroyResult extends Omit<DestroyPlan, 'trust'> {
  /** What is in the backup. */
  readonly backedUp: readonly BackedUpRoot[];
  readonly trust: TrustResult | undefined;
  /** Absolute. */
  readonly removed: readonly string[];
  /** False: a store still trusts the root, so that nothing was removed. */
  readonly complete: boolean;
}

export interface DestroyOptions
  extends ProjectOptions, AloneOptions, Pick<TrustOptions, 'stores' | 'userOnly' | 'canAsk' | 'onLine'> {
  /** The backup of the root, relative to `cwd`; a name of its own without it. */
  readonly file: string | undefined;
  readonly passphrase: SecretRef;
  /** A root that other projects share goes too. */
  readonly sharedRoot: boolean;
  readonly confirm: (plan: DestroyPlan) => Promise<boolean>;
  /** Told before the seconds that a passphrase costs. */
  readonly onLock?: () => void;
  /** log2 of the work that a guess of the passphrase costs; only tests have a reason to say less. */
  readonly work?: number;
}
