import type { Instant } from '../kernel/instant.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Entry } from '../kernel/ports.ts';
import type { Unswitchable } from './version.ts';
import type { CertificateFacts, KeyFacts, RequestFacts } from '../pki/facts.ts';

/** What a file says. `canonical`: its bytes are exactly what rcssl would write for it. */
export type Content =
  | { readonly type: 'key'; readonly facts: KeyFacts; readonly canonical: boolean }
  | {
      readonly type: 'certificates';
      /** In the order of the file; at least one. */
      readonly certificates: readonly [CertificateFacts, ...CertificateFacts[]];
      readonly canonical: boolean;
      /** The public key of the root, present or former, that the first one's signature verifies under; `unknown` while none is known. */
      readonly signer: string | 'none' | 'unknown';
    }
  /** Certificates and the key of the first one, in one file, as PEM or PKCS#12. */
  | {
      readonly type: 'combined';
      readonly key: KeyFacts;
      readonly certificates: readonly [CertificateFacts, ...CertificateFacts[]];
      readonly canonical: boolean;
      readonly signer: string | 'none' | 'unknown';
    }
  /** `sealed`: rcssl made it, and nobody has changed it since. */
  | { readonly type: 'text'; readonly text: string; readonly sealed: boolean }
  | { readonly type: 'request'; readonly facts: RequestFacts; readonly canonical: boolean }
  | { readonly type: 'malformed'; readonly why: string };

/** What is at a path. */
export type FileState =
  | { readonly state: 'missing' }
  /** A folder, a link, a FIFO, a device. */
  | { readonly state: 'not-a-file'; readonly what: string }
  | { readonly state: 'unreadable'; readonly why: string }
  /** Of keys: a link on the way leads out of the project, to this folder. */
  | { readonly state: 'outside'; readonly folder: string }
  /** Of layout `atomic`: what stands where its folder's link should be cannot be switched. */
  | ({ readonly state: 'unswitchable'; readonly folder: string } & Unswitchable)
  | {
      readonly state: 'file';
      /** Permission bits; undefined where the platform has none. */
      readonly mode: number | undefined;
      readonly gid: number;
      /** Two paths with one identity are one file. */
      readonly identity: string;
      /** SHA-256 of the bytes, lower-case hex. */
      readonly hash: string;
      readonly content: Content;
    };

/** What rcssl recorded of a file that it wrote. */
export interface ManifestEntry {
  /** The configuration that declared it, relative to the manifest's project. */
  readonly config: string;
  readonly owner: OwnerId;
  readonly artifact: string;
  /** SHA-256 of the bytes as written, lower-case hex. */
  readonly hash: string;
  /** Of keys: SHA-256 of the SubjectPublicKeyInfo, so that an encrypted one is known without its passphrase. */
  readonly publicKey?: string;
  readonly keyKind?: string;
}

/** By absolute path. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** An apply that was interrupted. */
export interface Unfinished {
  /** Of its journal, absolute. */
  readonly path: string;
  /** When it began. */
  readonly began: Instant;
}

export interface Inventory {
  /** Every path that is declared or recorded, absolute. */
  readonly files: ReadonlyMap<string, FileState>;
  readonly manifest: Manifest;
  /** The recorded configurations that are still there, as the manifest names them. */
  readonly configs: ReadonlySet<string>;
  /** The folder where outputs go by default; undefined while it is not there, or is no folder. */
  readonly outDir: Pick<Entry, 'mode' | 'gid'> | undefined;
  /** The group ids of the groups that outputs name; undefined: this machine has no such group. */
  readonly groups: ReadonlyMap<string | number, number | undefined>;
  /** Journals of applies that were interrupted; the next apply finishes or undoes what they began. */
  readonly unfinished: readonly Unfinished[];
  /** The moment of the look. */
  readonly at: Instant;
}
