import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ApplyResult, PlanResult } from '../engine/types.ts';
import type { Instant } from '../kernel/instant.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Cause } from './machine.ts';

interface At {
  /** When it happened, on the wall clock. */
  readonly at: Instant;
}

/** What happens in a watch, in the order in which it happens. */
export type WatchEvent =
  /** What is followed: told at the start, and when it becomes another set of files. */
  | (At & {
      readonly type: 'watching';
      /** The configuration, absolute; undefined until one has been read. */
      readonly config: string | undefined;
      /** The configuration and what it imports, absolute. */
      readonly sources: readonly string[];
      /** How many files beside these. */
      readonly artifacts: number;
    })
  /** A run has found something to do. */
  | (At & { readonly type: 'started'; readonly causes: readonly Cause[]; readonly plan: PlanResult })
  /** It is done; also told with nothing done, where somebody asked for it or the run before had failed. */
  | (At & { readonly type: 'applied'; readonly causes: readonly Cause[]; readonly result: ApplyResult })
  /** Nothing was changed; it is tried again at `retryAt`, or at the next change. */
  | (At & {
      readonly type: 'failed';
      readonly causes: readonly Cause[];
      readonly diagnostics: readonly Diagnostic[];
      readonly retryAt: Instant;
      /** The run before failed for the same. */
      readonly repeated: boolean;
    })
  /** How things stand now that it is quiet; told when they stand otherwise than before. */
  | (At & { readonly type: 'status' } & WatchStatus)
  /** Somebody asked to see the plan. */
  | (At & { readonly type: 'plan'; readonly plan: PlanResult })
  /** Something to know that stops nothing. */
  | (At & { readonly type: 'notice'; readonly diagnostics: readonly Diagnostic[] })
  /** The last one. */
  | (At & { readonly type: 'stopped'; readonly why: 'asked' | 'signal' });

export interface WatchStatus {
  /** All that is declared is there; false as long as the last run failed. */
  readonly complete: boolean;
  /** The last run failed. */
  readonly failed: boolean;
  readonly hosts: number;
  /** Files that rcssl will not touch. */
  readonly blocked: number;
  /** The next moment at which something is due. */
  readonly nextChange: { readonly at: Instant; readonly owner: OwnerId } | undefined;
}
