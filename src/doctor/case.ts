import type { Config, ProxyConfig, Upstream } from '../config/types.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { OwnerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instant.ts';
import type { HttpAnswer, Presented, ProbeFault } from '../kernel/ports.ts';
import type { CertificateFacts } from '../pki/facts.ts';
import type { AltName } from '../pki/names.ts';
import type { TrustPorts } from '../trust/types.ts';

/** What the checks look at; the looks themselves are taken when a check wants them, and once. */
export interface Case {
  readonly now: Instant;
  readonly ports: TrustPorts;
  readonly signal: AbortSignal | undefined;
  /** The server that was named; undefined where the project alone is looked at. */
  readonly server: Server | undefined;
  /** Undefined where there is no configuration. */
  readonly project: DoctorProject | undefined;
  /** The app behind a proxy, asked by itself at the path of the server; once. */
  readonly upstream: (upstream: Upstream, upgrade: boolean) => Promise<HttpAnswer | ProbeFault>;
  /** Who refuses a certificate and why, as warnings. */
  readonly refusals: (facts: CertificateFacts) => readonly Diagnostic[];
}

export interface Server {
  /** A DNS name in A-labels, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Of the URL, with its query; `/` without one. */
  readonly path: string;
  /** The scheme that was typed; undefined where none was. */
  readonly typed: 'http' | 'https' | undefined;
  /** `https://chat.local:8443`: what belongs into a browser. */
  readonly url: string;
  readonly looks: Looks;
}

/** Each asks once, and gives the same answer from then on. A fault is an answer too. */
export interface Looks {
  readonly addresses: () => Promise<readonly string[]>;
  readonly announced: () => Promise<readonly string[]>;
  readonly tls: () => Promise<Presented | ProbeFault>;
  /** By HTTPS. */
  readonly page: () => Promise<HttpAnswer | ProbeFault>;
  /** By HTTP without TLS, on the same port. */
  readonly plain: () => Promise<HttpAnswer | ProbeFault>;
  readonly upgrade: () => Promise<HttpAnswer | ProbeFault>;
  /** By HTTP on another port, a path that no server has by chance. */
  readonly redirect: (port: number) => Promise<HttpAnswer | ProbeFault>;
}

/** A certificate of the project. */
export interface DeclaredCertificate {
  readonly owner: OwnerId;
  readonly name: string;
  /** As it is shown: relative to the configuration. */
  readonly path: string;
  /** The chain that a server should be given; its own file where one is declared. */
  readonly chainPath: string | undefined;
  /** The names that the configuration wants. */
  readonly names: readonly AltName[];
  /** Undefined while there is none that can be read. */
  readonly facts: CertificateFacts | undefined;
}

/** A declared proxy, with what to type after a change: undefined where that is not known. */
export interface DeclaredProxy {
  readonly config: ProxyConfig;
  readonly path: string;
  readonly reload: string | undefined;
}

export interface DoctorProject {
  readonly config: Config;
  readonly ca: string;
  /** The root's certificate; undefined while there is none that can be read. */
  readonly root: { readonly der: Buffer; readonly facts: CertificateFacts; readonly path: string } | undefined;
  readonly certificates: readonly DeclaredCertificate[];
  readonly proxies: readonly DeclaredProxy[];
  /** What the plan has to do, by owner; `late`: it is more than a renewal that is due. */
  readonly pending: readonly { readonly name: string; readonly late: boolean }[];
  readonly keys: number;
  /** Keys that would leave the machine, or that others can read. */
  readonly leaks: () => Promise<readonly Diagnostic[]>;
}
