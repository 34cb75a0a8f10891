import type { Instant } from '../kernel/instant.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Subtrees } from '../pki/constraints.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import type {
  Artifact,
  CombinedArtifact,
  PfxArtifact,
  CopyArtifact,
  CsrArtifact,
  FullchainArtifact,
  KeyArtifact,
  LeafArtifact,
  ProxyArtifact,
  RootArtifact,
} from '../desired/types.ts';

/** Why an action is planned: a stable code with facts. Reasons are for people and JSON; nothing decides by them. */
export type Reason =
  /** Nothing is at the path. */
  | { readonly code: 'missing' }
  /** What is at the path cannot be read as what it should be. */
  | { readonly code: 'malformed'; readonly why: string }
  | { readonly code: 'expired'; readonly notAfter: Instant }
  | { readonly code: 'expires-soon'; readonly notAfter: Instant; readonly renewAt: Instant }
  /** Its time begins in the future: a clock is or was wrong. */
  | { readonly code: 'not-yet-valid'; readonly notBefore: Instant }
  | { readonly code: 'names-changed'; readonly added: readonly string[]; readonly removed: readonly string[] }
  /** `field`: key, validity, subject, usage, extensions, signature. */
  | { readonly code: 'profile-changed'; readonly field: string; readonly from: string; readonly to: string }
  /** The root's name. */
  | { readonly code: 'renamed'; readonly from: string; readonly to: string }
  /** Not signed by the root's key, or under another name than the root's. */
  | { readonly code: 'issuer-changed'; readonly from: string; readonly to: string }
  /** The root itself gets a new key or another subject, so what it signed is issued anew. */
  | { readonly code: 'issuer-replaced' }
  /** The key at the path is not the one that rcssl made, or not the one in the certificate. */
  | { readonly code: 'key-mismatch' }
  /** There was a root, and its key is not at the path any more; absolute. */
  | { readonly code: 'key-lost'; readonly path: string }
  /** Follows the new key beside it. */
  | { readonly code: 'key-changed' }
  /** Follows the new certificate beside it. */
  | { readonly code: 'certificate-changed' }
  /** Somebody changed a text that rcssl made; what is there (`-`) and what will be (`+`), a line each. */
  | { readonly code: 'edited'; readonly diff: readonly string[] }
  /** The configuration wants another text, likewise. */
  | { readonly code: 'text-changed'; readonly diff: readonly string[] }
  /** Its content is not what it is made from. */
  | { readonly code: 'stale' }
  | { readonly code: 'constraints-widened'; readonly added: readonly string[] }
  | { readonly code: 'constraints-changed'; readonly from: string; readonly to: string }
  /** Octal, `0644`. */
  | { readonly code: 'mode'; readonly from: string; readonly to: string }
  | { readonly code: 'group'; readonly from: string; readonly to: string }
  | { readonly code: 'encoding'; readonly from: string; readonly to: string }
  | { readonly code: 'encryption'; readonly from: 'none' | 'passphrase'; readonly to: 'none' | 'passphrase' }
  /** The same artifact stands at another path, absolute. */
  | { readonly code: 'moved'; readonly from: string }
  | { readonly code: 'forced' }
  /** Something else wrote it, and the user lets rcssl own it. */
  | { readonly code: 'adopted' }
  /** rcssl made it and the configuration no longer declares it. */
  | { readonly code: 'undeclared' }
  /** Another configuration in this folder has its output there. */
  | { readonly code: 'of-another-config'; readonly config: string }
  /** The key of a root is at the path: it is never overwritten. */
  | { readonly code: 'root-key'; readonly root: string }
  /** Something that rcssl did not write is at the path. */
  | { readonly code: 'not-ours' }
  /** A folder, link, FIFO or device is at the path. */
  | { readonly code: 'not-a-file'; readonly what: string }
  /** A link on the way of a key leads out of the project, to this folder. */
  | { readonly code: 'outside'; readonly to: string }
  /** Layout `atomic` needs a link at this folder, absolute, and cannot have it. */
  | {
      readonly code: 'unswitchable';
      readonly folder: string;
      readonly what: 'folder' | 'content' | 'other';
      readonly why: string;
    }
  | { readonly code: 'unreadable'; readonly why: string }
  /** Cannot be made before what it needs is. */
  | { readonly code: 'waits'; readonly on: OwnerId };

export type Reasons = readonly [Reason, ...Reason[]];

/**
 * `create`: nothing was there. `replace`: another key, another certificate. `rewrite`: the same one in another
 * encoding, place or mode, taken from `from`. `remove`: undeclared, pruned. `blocked`: rcssl will not touch it.
 */
export type ActionKind = 'keep' | 'create' | 'replace' | 'rewrite' | 'remove' | 'blocked';

interface Of<A extends Artifact> {
  readonly target: A;
}

export type Action<A extends Artifact = Artifact> =
  /** `owned`: rcssl made it or the user gave it over; a file that merely fits is used and not recorded. */
  | (Of<A> & { readonly kind: 'keep'; readonly owned: boolean })
  | (Of<A> & { readonly kind: 'create'; readonly reasons: Reasons })
  /** `archive`: what stands there goes to the archive first. */
  | (Of<A> & { readonly kind: 'replace'; readonly reasons: Reasons; readonly archive: boolean })
  /** `from`: the path that holds the content, absolute. */
  | (Of<A> & { readonly kind: 'rewrite'; readonly reasons: Reasons; readonly from: string; readonly archive: boolean })
  | (Of<A> & { readonly kind: 'blocked'; readonly reasons: Reasons });

/** A file of ours that nothing declares any more. It has no artifact: only the manifest knows it. */
export interface Removal {
  readonly kind: 'remove';
  readonly owner: OwnerId;
  readonly artifact: string;
  readonly path: string;
  readonly reasons: Reasons;
}

export interface CaPlan {
  readonly id: OwnerId;
  readonly name: string;
  /** The root is shared by all projects of the user. */
  readonly shared: boolean;
  readonly key: Action<KeyArtifact>;
  readonly certificate: Action<RootArtifact>;
  readonly copy: Action<CopyArtifact> | undefined;
  /** An existing root gets a new key: every device must trust it anew, so it needs leave. */
  readonly replacesRoot: boolean;
  /** An existing root gets a new certificate with its key: devices should trust it again, the old one goes on until its end. */
  readonly renewsRoot: boolean;
  /** The new certificate bears another subject, so what is signed under the old one is issued anew. */
  readonly changesName: boolean;
  /** What a renewal goes on from, and whether under its very name. A name is not one key's alone: whoever signs looks whose this is. */
  readonly previous: { readonly facts: CertificateFacts; readonly sameSubject: boolean } | undefined;
  /** What its certificate may sign for once the plan is carried out; undefined: anything. */
  readonly constraints: Subtrees | undefined;
  /** The SHA-256 fingerprint of the root that is on disk, lower-case hex. */
  readonly fingerprint: string | undefined;
  readonly notAfter: Instant | undefined;
  readonly renewAt: Instant | undefined;
}

export interface HostPlan {
  readonly id: OwnerId;
  readonly name: string;
  readonly key: Action<KeyArtifact>;
  readonly certificate: Action<LeafArtifact>;
  readonly csr: Action<CsrArtifact> | undefined;
  readonly fullchain: Action<FullchainArtifact> | undefined;
  readonly combined: Action<CombinedArtifact> | undefined;
  readonly pfx: Action<PfxArtifact> | undefined;
  /** Of the certificate that is on disk. */
  readonly notAfter: Instant | undefined;
  readonly renewAt: Instant | undefined;
}

export interface ProxyPlan {
  readonly id: OwnerId;
  readonly name: string;
  readonly title: string;
  /** The configuration first. */
  readonly files: readonly [Action<ProxyArtifact>, ...Action<ProxyArtifact>[]];
  /** Of the root's certificate. */
  readonly copy: Action<CopyArtifact> | undefined;
  /** Its configuration changes, or a pair that it serves. */
  readonly changes: boolean;
}

export interface Plan {
  readonly ca: CaPlan;
  /** Sorted by id. */
  readonly hosts: readonly HostPlan[];
  /** In the order of the configuration; of a selection those that serve a selected host. */
  readonly proxies: readonly ProxyPlan[];
  /** Files of ours that are no longer declared: removed only with `--prune`, else listed. */
  readonly removals: readonly Removal[];
  /** `--prune` was said: the removals are carried out. */
  readonly prune: boolean;
  /** The next moment at which the plan changes by itself; undefined where an action is pending already. */
  readonly nextChange: { readonly at: Instant; readonly owner: OwnerId } | undefined;
}

export interface PlanOptions {
  /** Owners to look at; undefined: all. A host's root is always looked at. */
  readonly only: readonly OwnerId[] | undefined;
  readonly force: readonly OwnerId[];
  /** Absolute paths of files that rcssl may take over. */
  readonly adopt: readonly string[];
  readonly prune: boolean;
  /** Plan as if renewal were due this many milliseconds before the end (`check --within`). */
  readonly within: number | undefined;
}
