import type { Duration } from './duration.ts';
import type { OwnerId } from './ids.ts';

/** What runs after files have changed. */
export interface Hook {
  /** Where it is declared, which stays when what it does is mended: `host:a.test#0`. */
  readonly key: string;
  /** Which changes it is for: all, those of an owner, or those of these files (absolute). */
  readonly on: 'any' | { readonly owner: OwnerId } | { readonly paths: readonly string[] };
  readonly does: HookAct;
  readonly timeout: Duration;
  /** Files of which one is there while the server runs (absolute): without it there is nobody to tell, and nothing is owed. */
  readonly runningIf?: readonly string[] | undefined;
}

export type HookAct =
  /** `shell`: the words are a line for the system's shell. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly shell: boolean }
  /** `pidFile` is absolute; `programs`: names that its process goes by, where they are known. */
  | {
      readonly kind: 'signal';
      readonly signal: HookSignal;
      readonly pidFile: string;
      readonly programs?: readonly string[];
    }
  | { readonly kind: 'request'; readonly url: string; readonly method: string }
  /** The same content once more, for a server that watches this file. */
  | { readonly kind: 'rewrite'; readonly file: string };

export const HOOK_SIGNALS = ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTERM', 'SIGINT', 'SIGWINCH'] as const;
export type HookSignal = (typeof HOOK_SIGNALS)[number];

/** A change that hooks are told of. */
export interface HookChange {
  readonly kind: string;
  readonly artifact: string;
  readonly owner: OwnerId;
  /** Absolute. */
  readonly path: string;
}

/** A hook that has to run, for these changes; it stays so until it has succeeded. */
export interface OwedHook {
  readonly key: string;
  /** The configuration that declares it, relative to the folder of state's project. */
  readonly config: string;
  readonly changes: readonly HookChange[];
}

/** What became of a hook. */
export interface HookOutcome {
  /** What it does, for people: `nginx -s reload`. */
  readonly label: string;
  readonly ok: boolean;
  /** Why it failed: `exit 1`, `timed out after 30s`, `ECONNREFUSED`; or why there was nothing to do. */
  readonly why: string | undefined;
  /** The end of what it printed. */
  readonly output: string;
}

/** A hook of a plan. */
export interface PlannedHook {
  readonly label: string;
  /** An earlier apply could not run it. */
  readonly owed: boolean;
}
