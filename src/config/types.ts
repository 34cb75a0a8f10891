import type { Duration } from '../kernel/duration.ts';
import type { SecretRef } from '../kernel/secret-ref.ts';
import type { Hook } from '../kernel/hook.ts';
import type { ProxyServer } from '../reverse-proxy/registry.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { KeyKind } from '../pki/key-kinds.ts';
import type { AltName } from '../pki/names.ts';
import type { Subject, Usage } from '../pki/subject.ts';
import type { StoreWord } from '../trust/store-ids.ts';

export type { Subject, Usage } from '../pki/subject.ts';

/** A configuration after validation: defaults filled in, names parsed, paths absolute. What the user wrote is `UserConfig`. */
export interface Config {
  /** The configuration file, absolute. */
  readonly file: string;
  /** The folder of the configuration file: relative paths in it resolve against this one. */
  readonly root: string;
  /** Where files go whose path is not given, with the rights of the folders that are made there. */
  readonly outDir: Output;
  readonly ca: CaConfig;
  readonly hosts: readonly HostConfig[];
  /** What runs after changes, those of the whole first, then host by host. */
  readonly hooks: readonly Hook[];
  /** The trust stores that are to have the root, as the user named them; undefined where nothing is declared. */
  readonly trust: readonly StoreWord[] | undefined;
  readonly proxies: readonly ProxyConfig[];
}

/** A reverse proxy whose configuration rcssl writes. */
export interface ProxyConfig {
  readonly id: OwnerId;
  readonly name: string;
  readonly server: ProxyServer;
  readonly output: Output;
  /** In the order of the configuration. */
  readonly hosts: readonly OwnerId[];
  /** The one for everything is the last. */
  readonly routes: readonly RouteConfig[];
  readonly listen: readonly Address[];
  /** Empty: no plain HTTP. */
  readonly redirectFrom: readonly Address[];
  /** Bytes. */
  readonly maxBody: number;
  readonly clientAuth: ClientAuthConfig | undefined;
  readonly hsts: Duration | undefined;
  readonly standalone: boolean;
  readonly modules: string | undefined;
  readonly validate: boolean;
  readonly reload: boolean | readonly string[];
}

export interface RouteConfig {
  /** Undefined: every host. */
  readonly host: OwnerId | undefined;
  /** Begins with a slash and, but for the root's, ends without one. */
  readonly path: string;
  readonly upstreams: readonly Upstream[];
}

export interface Upstream {
  readonly tls: boolean;
  /** A name, an IPv4 address, or an IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where a server listens; undefined: on every address, IPv4 and IPv6. */
export interface Address {
  /** IPv6 without brackets. */
  readonly address: string | undefined;
  readonly port: number;
}

interface ClientAuthConfig {
  /** Absolute; undefined: the root of the configuration. */
  readonly ca: string | undefined;
  readonly hosts: readonly OwnerId[];
  readonly optional: boolean;
}

/** Where an artifact goes, or a folder of them. */
export interface Output {
  /** Absolute. */
  readonly path: string;
  /** Permission bits; undefined for the usual ones (0600 for what holds a key, 0644 for the rest; 0700 and 0755 for folders). */
  readonly mode: number | undefined;
  /** A group's name or number to own it. */
  readonly group: string | number | undefined;
}

export interface CaConfig {
  readonly id: OwnerId;
  readonly name: string;
  readonly key: KeyKind;
  readonly validity: Duration;
  readonly renewBefore: Duration;
  readonly subject: Subject;
  readonly passphrase: SecretRef | undefined;
  /** `auto` and extra permits, or no constraints at all. Permits are names as the user wrote them: domains, addresses, CIDR ranges. */
  readonly constraints: 'none' | { readonly permit: readonly string[] };
  /** Without `key` the root lives in the user's data folder, shared by all projects. */
  readonly output: { readonly key: Output | undefined; readonly cert: Output | undefined };
}

/** `atomic`: all files of a host lie in one folder, a link to its current version. */
export type Layout = 'files' | 'atomic';

export interface HostConfig {
  readonly id: OwnerId;
  /** As written; the common name and the first of `names`. */
  readonly name: string;
  /** All names, `name` first, duplicates removed; encoded (A-labels, canonical addresses). */
  readonly names: readonly AltName[];
  /** This machine's private addresses and its `.local` name are names too, found when the plan is made. */
  readonly lan: boolean;
  readonly key: KeyKind;
  readonly validity: Duration;
  readonly renewBefore: Duration;
  /** A renewal keeps the key, so that one file changes. */
  readonly reuseKey: boolean;
  readonly layout: Layout;
  readonly usage: readonly Usage[];
  readonly subject: Subject;
  readonly output: {
    readonly key: Output;
    readonly cert: Output;
    readonly csr: Output | undefined;
    readonly fullchain: Output | undefined;
    readonly combined: Output | undefined;
    readonly pfx: Output | undefined;
  };
}
