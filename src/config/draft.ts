import type { OwnerId } from '../kernel/ids.ts';
import type { Config, HostConfig, ProxyConfig } from './types.ts';
import type { UserConfig, UserHost, UserOutput, UserProxy } from './user-config.ts';

/** Which file a configuration stands in. */
export interface Where {
  /** The configuration file, absolute. */
  readonly file: string;
  /** The folder that outputs must stay in, absolute: the repository's root, or else the folder of the file. */
  readonly project?: string | undefined;
}

/** What the rules look at: what the user wrote beside what it means. */
export interface Draft {
  readonly user: UserConfig;
  readonly config: Config;
  /** The hosts as objects, in the order of the file; those whose name cannot be read have no `config`. */
  readonly hosts: readonly HostDraft[];
  readonly proxies: readonly ProxyDraft[];
  readonly outputs: readonly OutputDraft[];
  readonly project: string;
}

export interface HostDraft {
  /** `hosts[1]` */
  readonly path: string;
  /** The host's own keys where it has them, and those of `defaults` otherwise. */
  readonly user: UserHost;
  readonly config: HostConfig | undefined;
  /** Where the value of a key was written: in the host, in `defaults`, or nowhere, which is the host itself. */
  readonly placeOf: (key: keyof UserHost) => string;
}

export interface ProxyDraft {
  /** `proxies[0]` */
  readonly path: string;
  readonly user: UserProxy;
  readonly config: ProxyConfig;
}

/** A file that will be written. */
export interface OutputDraft {
  readonly owner: OwnerId;
  /** `hosts[1]`, `proxies[0]`; undefined for the root's. */
  readonly host: string | undefined;
  /** Where it was written, or the host or root that it belongs to: `hosts[1].output.cert`. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  /** The same as `foldedPath` has it. */
  readonly folded: string;
  /** What the user wrote; undefined where the path is a default. */
  readonly user: string | UserOutput | undefined;
}
