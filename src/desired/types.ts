import type { Duration } from '../kernel/duration.ts';
import type { Hook } from '../kernel/hook.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { SecretRef } from '../kernel/secret-ref.ts';
import type { Subject, Usage } from '../config/types.ts';
import type { KeyKind } from '../pki/key-kinds.ts';
import type { AltName } from '../pki/names.ts';

/** The artifacts that should exist, as a graph: a certificate needs its key and its issuer, the rest follows the certificate. */
export interface Desired {
  /** The folder of the configuration; `.rcssl/` is in it. */
  readonly root: string;
  /** The configuration file relative to `root`: the manifest's entries carry it. */
  readonly configFile: string;
  /** Where outputs go by default, as a folder. */
  readonly outDir: { readonly path: string } & FolderRights;
  readonly ca: DesiredCa;
  /** Sorted by id, so that the order in the configuration does not matter. */
  readonly hosts: readonly DesiredHost[];
  /** In the order of the configuration. */
  readonly proxies: readonly DesiredProxy[];
}

export interface ArtifactBase {
  readonly owner: OwnerId;
  /** Absolute. */
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
  readonly group: string | number | undefined;
  /** The rights of folders that have to be made for it, where they are declared. */
  readonly folder: FolderRights;
  /** Of layout `atomic`: the folder that it lies in, a link to a version of it. */
  readonly link: string | undefined;
}

export interface FolderRights {
  readonly mode: number | undefined;
  readonly group: string | number | undefined;
}

export interface KeyArtifact extends ArtifactBase {
  readonly artifact: 'key';
  readonly keyKind: KeyKind;
  readonly passphrase: SecretRef | undefined;
}

/** What a self-signed root must say. */
export interface RootProfile {
  readonly commonName: string;
  readonly subject: Subject;
  readonly validity: Duration;
  readonly renewBefore: Duration;
  /** The name of the signature algorithm, as `CertificateFacts` gives it. */
  readonly signature: string;
  /** At least these subtrees; undefined: none at all. */
  readonly constraints: { readonly dns: readonly string[]; readonly ip: readonly string[] } | undefined;
}

/** What a host's certificate must say. */
export interface LeafProfile {
  /** Undefined where the first name is longer than a common name may be (RFC 5280: 64 characters). */
  readonly commonName: string | undefined;
  readonly subject: Subject;
  readonly names: readonly AltName[];
  readonly usage: readonly Usage[];
  readonly validity: Duration;
  readonly renewBefore: Duration;
  /** Of the issuer's key: the name of the algorithm, as `CertificateFacts` gives it. */
  readonly signature: string;
}

export interface RootArtifact extends ArtifactBase {
  readonly artifact: 'certificate';
  readonly profile: RootProfile;
}

export interface LeafArtifact extends ArtifactBase {
  readonly artifact: 'certificate';
  readonly profile: LeafProfile;
}

/** A second place for the root's certificate: `ca.output.cert` of a shared root, or beside a proxy that asks clients for theirs. */
export interface CopyArtifact extends ArtifactBase {
  readonly artifact: 'copy';
}

export interface CsrArtifact extends ArtifactBase {
  readonly artifact: 'csr';
  readonly profile: Pick<LeafProfile, 'commonName' | 'subject' | 'names'>;
}

/** The certificate and what stands between it and the root, leaf first, root left out. */
export interface FullchainArtifact extends ArtifactBase {
  readonly artifact: 'fullchain';
}

/** The full chain and the key in one file. */
export interface CombinedArtifact extends ArtifactBase {
  readonly artifact: 'combined';
}

/** The same as PKCS#12, with an empty passphrase. */
export interface PfxArtifact extends ArtifactBase {
  readonly artifact: 'pfx';
}

/** A text for a reverse proxy, which holds no secret. */
export interface ProxyArtifact extends ArtifactBase {
  readonly artifact: 'proxy';
  readonly text: string;
}

export type Artifact =
  | KeyArtifact
  | RootArtifact
  | LeafArtifact
  | CopyArtifact
  | CsrArtifact
  | FullchainArtifact
  | CombinedArtifact
  | PfxArtifact
  | ProxyArtifact;
export type ArtifactKind = Artifact['artifact'];

export interface DesiredCa {
  readonly id: OwnerId;
  readonly name: string;
  /** The folder of state of this root when it is shared (in the user's data folder); undefined when the project holds it. */
  readonly sharedFolder: string | undefined;
  readonly key: KeyArtifact;
  readonly certificate: RootArtifact;
  readonly copy: CopyArtifact | undefined;
}

export interface DesiredHost {
  readonly id: OwnerId;
  readonly name: string;
  readonly reuseKey: boolean;
  /** Its names hold the addresses of this machine. */
  readonly lan: boolean;
  readonly key: KeyArtifact;
  readonly certificate: LeafArtifact;
  readonly csr: CsrArtifact | undefined;
  readonly fullchain: FullchainArtifact | undefined;
  readonly combined: CombinedArtifact | undefined;
  readonly pfx: PfxArtifact | undefined;
}

export interface DesiredProxy {
  readonly id: OwnerId;
  readonly name: string;
  /** The server, as people call it. */
  readonly title: string;
  /** The configuration first. */
  readonly files: readonly [ProxyArtifact, ...ProxyArtifact[]];
  /** Of a server of its own: where that writes, absolute. */
  readonly runFolder: string | undefined;
  /** Whose certificates it serves. */
  readonly hosts: readonly OwnerId[];
  /** What it names of what rcssl makes. */
  readonly reads: readonly { readonly owner: OwnerId; readonly path: string }[];
  /** The root's certificate for a server that may not look into the folder of a shared root. */
  readonly copy: CopyArtifact | undefined;
  /** Somebody else's, that certificates of clients are to be from; absolute. */
  readonly clientCa: string | undefined;
  /** Undefined: nobody is to be told. */
  readonly reload: Hook | undefined;
  /** Undefined: nobody judges it. */
  readonly check: ProxyCheck | undefined;
  /** What the server cannot do of what is asked. */
  readonly limits: readonly string[];
}

/** A whole configuration with files of its own, all in one folder that is there for the time of the check. Absolute paths. */
export interface ProxyCheck {
  readonly folder: string;
  /** The names that the program goes by. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
  /** The configuration first. */
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  /** What those name: the files as they are to be. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
  /** Each key with the certificate that it is to be that of, where they will be. */
  readonly pairs: readonly { readonly key: string; readonly chain: string }[];
}
