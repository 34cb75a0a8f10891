import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Instant } from '../../kernel/instant.ts';
import type { OwnerId } from '../../kernel/ids.ts';
import type { CertificateFacts, KeyFacts, RequestFacts } from '../../pki/facts.ts';
import type { ActionKind, Reason } from '../../plan/types.ts';
import type { Role } from './judge.ts';

/** One thing that was found: never its bytes, and of keys only what is public. */
export type Item =
  | { readonly kind: 'certificate'; readonly role: Role; readonly facts: CertificateFacts }
  | { readonly kind: 'key'; readonly facts: KeyFacts }
  | { readonly kind: 'request'; readonly facts: RequestFacts }
  /** A PEM block of another kind, by its label. */
  | { readonly kind: 'other'; readonly label: string };

export type Container = 'PEM' | 'DER' | 'PKCS#12';

export type Source =
  | { readonly kind: 'file'; readonly path: string; readonly container: Container }
  | { readonly kind: 'owner'; readonly id: OwnerId; readonly path: string; readonly container: Container }
  | {
      readonly kind: 'server';
      /** `HOST:PORT` */
      readonly endpoint: string;
      readonly host: string;
      readonly port: number;
      readonly address: string;
      readonly protocol: string;
      readonly cipher: string;
    };

/** How what was found stands to the configuration, to itself and to what was asked. */
export type Match =
  /** The file is declared, and what the plan would do with it. */
  | {
      readonly code: 'declared';
      readonly owner: OwnerId;
      readonly artifact: string;
      readonly path: string;
      readonly action: ActionKind;
      readonly reasons: readonly Reason[];
    }
  /** The first certificate is, or is not, the one on disk of this owner. */
  | { readonly code: 'on-disk'; readonly owner: OwnerId; readonly path: string; readonly same: boolean }
  /** The key or request has the public key of this owner's certificate on disk. */
  | { readonly code: 'key-of'; readonly owner: OwnerId; readonly path: string }
  /** The project's root did, or did not, sign the first certificate. */
  | { readonly code: 'root'; readonly name: string; readonly signed: boolean }
  /** Key and first certificate of the same file belong together, or do not. */
  | { readonly code: 'pair'; readonly ok: boolean }
  /** Each certificate of the bundle is signed by the next; `ok` false: they are out of order, or one is missing. */
  | { readonly code: 'order'; readonly ok: boolean }
  /** The presented chain verifies, or not (`fault`, by OpenSSL's name), under the project's root or the public roots. */
  | { readonly code: 'verifies'; readonly under: 'project-root' | 'public-roots'; readonly fault: string | undefined }
  /** The server's certificate is, or is not, for the name that was asked. */
  | { readonly code: 'name'; readonly name: string; readonly covered: boolean };

export interface InspectResult {
  /** The argument, as typed. */
  readonly asked: string;
  readonly now: Instant;
  /** The folder that paths are shown relative to. */
  readonly cwd: string;
  /** The configuration that it was compared with, absolute; undefined if there is none. */
  readonly config: string | undefined;
  readonly source: Source;
  readonly items: readonly Item[];
  readonly matches: readonly Match[];
  readonly diagnostics: readonly Diagnostic[];
}
