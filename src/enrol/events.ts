import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Device } from './device.ts';
import type { FileKind } from './guides.ts';

/** Who asked: by the address, and by what it says of itself. */
export interface Visitor extends Device {
  readonly address: string;
}

/** How this run can show that a device trusts the root. */
export type CheckState =
  | { readonly state: 'ready'; readonly host: string; readonly url: string }
  | { readonly state: 'unmade'; readonly host: string }
  | { readonly state: 'undeclared'; readonly names: readonly string[] };

interface Listening {
  readonly root: string;
  /** SHA-256 of the root's certificate, lower-case hex. */
  readonly fingerprint: string;
  /** Of the page. */
  readonly url: string;
  /** Whom it serves: ranges of addresses. */
  readonly networks: readonly string[];
  /** This computer alone. */
  readonly isLocal: boolean;
  readonly check: CheckState;
  /** When it ends by itself. */
  readonly until: Instant | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** What happens while the page is served. */
export type EnrolEvent =
  | (At & { readonly type: 'listening' } & Listening)
  /** A device opened the page; told once a device. */
  | (At & { readonly type: 'visit'; readonly visitor: Visitor })
  | (At & { readonly type: 'download'; readonly visitor: Visitor; readonly file: FileKind })
  /** `reached`: a check that failed had connected, so that trust was wanting; always true of one that passed. */
  | (At & { readonly type: 'check'; readonly visitor: Visitor; readonly passed: boolean; readonly reached: boolean })
  /** Somebody was turned away: from another network, or under a name that is not ours (DNS rebinding). Told once an address. */
  | (At & { readonly type: 'refused'; readonly address: string; readonly why: 'network' | 'host' })
  /** The last one. `trusting`: devices whose check passed at last. */
  | (At & {
      readonly type: 'stopped';
      readonly why: 'time' | 'signal';
      readonly visitors: number;
      readonly trusting: number;
    });

interface At {
  readonly at: Instant;
}

export type Happening = EnrolEvent extends infer E ? (E extends EnrolEvent ? Omit<E, 'at'> : never) : never;
