import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { TrustOutcome } from '../../trust/carry-out.ts';
import type { TrustLine } from '../../trust/plan.ts';
import type { AloneOptions, ProjectOptions } from '../types.ts';

export type { TrustOutcome } from '../../trust/carry-out.ts';
export type { SkipReason, TrustLine } from '../../trust/plan.ts';
export type { Fault } from '../../trust/look.ts';

/** A root that a line is about. */
export interface ShownRoot {
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string;
  readonly name: string;
  /** `live`: it signs; `former`: it was replaced, or its project is gone. */
  readonly state: 'live' | 'former';
}

/** What a change of trust stores would do. */
export interface TrustPlan {
  /** The configuration file and its folder, absolute; undefined where none was needed. */
  readonly config: string | undefined;
  readonly root: string;
  /** The user's own folder, which screens write as `~`. */
  readonly home: string;
  readonly roots: readonly ShownRoot[];
  readonly lines: readonly TrustLine[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface TrustResult extends TrustPlan {
  readonly outcomes: readonly TrustOutcome[];
  /** Nothing failed, and every store that somebody named was reached. */
  readonly complete: boolean;
}

interface StoreOptions {
  /** Ids of stores, or `system`; those that are always meant without it. */
  readonly stores?: readonly string[];
  /** Nothing that needs root. */
  readonly userOnly?: boolean;
  /** Somebody can type a password or answer a window. */
  readonly canAsk: boolean;
}

export interface TrustOptions extends ProjectOptions, StoreOptions, Omit<AloneOptions, 'onRecovered'> {
  /** Of `untrust`: every root that rcssl ever put here, whatever its project. */
  readonly all?: boolean;
  /** Shown what would be done; false stops it. Without it nobody is asked. */
  readonly confirm?: (plan: TrustPlan) => Promise<boolean>;
  /** Told before each line that changes something. */
  readonly onLine?: (line: TrustLine) => void;
}

export interface ScriptOptions extends TrustOptions {
  /** `linux`, `macos` or `windows`; this system without it. */
  readonly os: string | undefined;
}

/** A root in a place, as it is now. */
export interface TrustState {
  readonly store: TrustLine['store'];
  readonly title: string;
  readonly at: string | undefined;
  readonly root: string;
  readonly state: 'trusted' | 'untrusted' | 'unknown' | 'absent';
  readonly skip?: TrustLine['skip'];
  readonly fault?: TrustLine['fault'];
  /** Since when, and for which project, by the registry; undefined where rcssl did not put it there. */
  readonly since?: Instant;
  readonly project?: string;
}

export interface TrustStatusResult extends Omit<TrustPlan, 'lines'> {
  readonly now: Instant;
  readonly states: readonly TrustState[];
}
