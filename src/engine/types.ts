import type { Display } from '../apply/draw.ts';
import type { Recovery } from '../apply/finish.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { HookOutcome, PlannedHook } from '../kernel/hook.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Action, Plan, Removal } from '../plan/types.ts';
import type { TrustPlan } from './trust/types.ts';

export type { Display } from '../apply/draw.ts';

/** What every use-case needs to find its project. */
export interface ProjectOptions {
  /** Where the search for the configuration begins, and what paths on the command line are relative to. */
  readonly cwd: string;
  /** The configuration file, where it is named. */
  readonly config?: string;
  readonly signal?: AbortSignal;
}

export interface SelectOptions extends ProjectOptions {
  /** Hosts (a bare name) or owner ids. */
  readonly only?: readonly string[];
  readonly force?: readonly string[];
  /** Paths, relative to `cwd`. */
  readonly adopt?: readonly string[];
  readonly prune?: boolean;
}

export interface PlanResult {
  /** What `apply --trust` would do to trust stores, and former roots that some still trust; undefined where there is nothing of it. */
  readonly trust?: TrustPlan;
  /** The configuration file, absolute. */
  readonly config: string;
  /** The folder that paths are shown relative to: the configuration's. */
  readonly root: string;
  readonly now: Instant;
  readonly plan: Plan;
  /** Every action in the order of execution. */
  readonly actions: readonly (Action | Removal)[];
  /** Hooks that it runs, and those that an earlier apply owes. */
  readonly hooks: readonly PlannedHook[];
  /** Nothing is to do, nothing is blocked and no hook is owed. */
  readonly complete: boolean;
  /** Warnings and notes; errors are thrown as `RcsslError`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Asked before a root that devices trust gets a new key. */
export type ConfirmReplaceRoot = (result: PlanResult) => Promise<boolean>;

/** For what may be done by one process at a time. */
export interface AloneOptions {
  readonly signal?: AbortSignal;
  /** Told what became of an apply that had been interrupted, before anything else is done. */
  readonly onRecovered?: (recovered: readonly Recovery[]) => void;
  /** Told once, when another process holds the lock. */
  readonly onWait?: (pid: number, lock: { readonly host: string; readonly path: string }) => void;
  /** Fails at once where another process holds the lock. */
  readonly noWait?: boolean;
}

export interface ApplyOptions extends SelectOptions, AloneOptions {
  readonly replaceRoot?: boolean | ConfirmReplaceRoot;
  /** Asked before files that nothing declares are removed; without it `prune` is word enough. */
  readonly confirmRemoval?: (result: PlanResult) => Promise<boolean>;
  /** Told what happens, for a display; never decides anything. */
  readonly onPlan?: (result: PlanResult) => void;
  /** How progress is drawn; silent without it. */
  readonly display?: Display;
  /** Files are on the disk before the run ends (fsync). Default true; only benchmarks have a reason to say false. */
  readonly durable?: boolean;
}

/** `complete` says how things stand after the run; `plan` and `actions` are what it set out to do. */
export interface ApplyResult extends PlanResult {
  /** What became of applies that had been interrupted. */
  readonly recovered: readonly Recovery[];
  /** What was carried out. */
  readonly done: readonly (Action | Removal)[];
  /** What became of the hooks that ran; one that failed is owed, and `complete` is false. */
  readonly ran: readonly HookOutcome[];
  /** What was found on the way, such as a check that could not be run; among `diagnostics` too. */
  readonly notes: readonly Diagnostic[];
  /** Milliseconds. */
  readonly took: number;
  /** After the run: the next moment at which something is due. */
  readonly nextChange: { readonly at: Instant; readonly owner: OwnerId } | undefined;
  /** How many certificates the set has, the root's among them. */
  readonly certificates: number;
  /** Files of ours that nothing declares any more. */
  readonly removals: readonly Removal[];
}

export interface CheckResult extends PlanResult {
  /** Something is missing, changed or inside its renewal window. */
  readonly pending: boolean;
}

/** A row of `status`. */
export interface CertificateStatus {
  readonly id: OwnerId;
  readonly name: string;
  /** Relative to the project where it lies in it. */
  readonly path: string;
  readonly state: 'ok' | 'due' | 'expired' | 'missing' | 'broken' | 'pending' | 'blocked';
  readonly keyKind: string | undefined;
  readonly names: readonly string[];
  readonly issuer: string | undefined;
  readonly notBefore: Instant | undefined;
  readonly notAfter: Instant | undefined;
  readonly renewAt: Instant | undefined;
  /** SHA-256, lower-case hex. */
  readonly fingerprint: string | undefined;
  /** Every file of this owner. */
  readonly files: readonly { readonly artifact: string; readonly path: string; readonly kind: Action['kind'] }[];
}

export interface StatusResult {
  readonly config: string;
  readonly root: string;
  readonly now: Instant;
  readonly ca: CertificateStatus & { readonly shared: boolean };
  readonly hosts: readonly CertificateStatus[];
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}
