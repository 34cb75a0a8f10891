import type { OwnerId } from '../kernel/ids.ts';
import type { Cause } from './machine.ts';

/** What a source may tell. */
export type Told =
  | { readonly kind: 'change'; readonly cause: Cause }
  /** Something happened to a file that is followed: look which are other ones. */
  | { readonly kind: 'stir' }
  /** Somebody wants to see the plan. */
  | { readonly kind: 'plan' }
  /** Files cannot be followed here as they should; `why` is the system's word, or `deaf`: it did not tell of a change. */
  | { readonly kind: 'trouble'; readonly why: string }
  /** Somebody wants it to end. */
  | { readonly kind: 'quit' };

export type Tell = (told: Told) => void;

/** Where changes come from: files, the clock, the network, keys. It tells of them from `start` until `stop`. */
export interface Source {
  start(tell: Tell): void | Promise<void>;
  /** What is to be followed, after each run. */
  follow?(what: Followed): void;
  stop(): void | Promise<void>;
}

/** What a project is made of, as far as a source cares. */
export interface Followed {
  /** Absolute; those that are not there are followed too. */
  readonly paths: readonly string[];
  /** The moment at which the plan changes by itself, on the wall clock. */
  readonly nextChange: { readonly at: number; readonly owner: OwnerId } | undefined;
  /** A host has the addresses of this machine. */
  readonly network: boolean;
}
