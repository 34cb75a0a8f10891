import type { Hook, HookSignal } from '../kernel/hook.ts';

/** What a reverse proxy is to do, as every server can be told it. Paths are absolute. */
export interface Site {
  /** Of the proxy: letters, digits and hyphens. */
  readonly name: string;
  /** The file that holds the configuration. */
  readonly output: string;
  /** Where a server of its own keeps what it writes; undefined: the text is a part of another configuration. */
  readonly folder: string | undefined;
  /** Where HTTPS is spoken; the first one's port is where plain HTTP is sent. */
  readonly listen: readonly Listener[];
  readonly redirectFrom: readonly Listener[];
  readonly hosts: readonly SiteHost[];
  /** Bytes. */
  readonly maxBody: number;
  /** Seconds of Strict-Transport-Security; undefined: not said. */
  readonly hsts: number | undefined;
  /** Of a whole Apache. */
  readonly modules: string;
}

export interface Listener {
  /** IPv6 without brackets; undefined: every address, IPv4 and IPv6. */
  readonly address: string | undefined;
  readonly port: number;
}

export interface SiteHost {
  /** A-labels in lower case; a wildcard stands for one label. */
  readonly domains: readonly string[];
  /** IPv6 without brackets. Clients that connect by address send no server name. */
  readonly addresses: readonly string[];
  readonly key: string;
  /** The certificate with what stands between it and the root. */
  readonly chain: string;
  /** Both in one file, where a server wants it so. */
  readonly combined: string;
  /** Both as PKCS#12. */
  readonly pfx: string;
  /** Of layout `atomic`: the link that its files lie behind. */
  readonly link?: string | undefined;
  readonly clientAuth: { readonly ca: string; readonly optional: boolean } | undefined;
  /** The one for `/` is the last; longer paths stand before shorter ones. */
  readonly routes: readonly Route[];
}

export interface Route {
  /** `/`, or a path without a slash at its end. */
  readonly path: string;
  /** At least one; all of one scheme. */
  readonly upstreams: readonly Upstream[];
}

export interface Upstream {
  readonly tls: boolean;
  /** IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What makes a server take up new files; of `runningIf` one file is there while it runs. */
type Reload = Pick<Hook, 'does' | 'runningIf'>;

/** A program with its arguments, run without a shell. */
export function command(...argv: readonly [program: string, ...args: string[]]): Hook['does'] {
  return { kind: 'command', argv, shell: false };
}

/** A server that was started on a configuration of its own, by the file that holds its process id. */
export function signalled(signal: HookSignal, pidFile: string): Reload {
  return { does: { kind: 'signal', signal, pidFile }, runningIf: [pidFile] };
}

interface Place {
  readonly system: string;
  readonly file: string;
  /** What is typed after a first apply. */
  readonly enable: string;
}

/** One server's language. Pure: a site → text. */
export interface ReverseProxy {
  readonly title: string;
  /** The configuration; throws `Unwritable` where the language has no way to say it. Begins with `origin` in a comment. */
  readonly write: (site: Site, origin: string) => string;
  /** Other files that it needs, beside it. */
  readonly more?: (site: Site, origin: string) => readonly { readonly name: string; readonly text: string }[];
  /** What judges a whole configuration in this file; names that a program goes by. Undefined: the server has no such check. */
  readonly check:
    | ((file: string, site: Site) => { readonly programs: readonly string[]; readonly args: readonly string[] })
    | undefined;
  /** Of a whole configuration in this file, or of the system's service; undefined: it sees new files, or has commands of its own. */
  readonly reload: (file: string, site: Site) => Reload | undefined;
  /** Folders that a container gets whole. */
  readonly mounts?: (site: Site) => readonly string[];
  /** Where its files go, and what makes it read them, on the systems that it is usual on. */
  readonly places: readonly Place[];
  /** What the server cannot do of what is asked here, each with what comes of it. */
  readonly limits: (site: Site) => readonly string[];
}

/** A path that a server's configuration cannot name. */
export class Unwritable extends Error {
  readonly path: string;

  constructor(path: string, why: string) {
    super(why);
    this.name = 'Unwritable';
    this.path = path;
  }
}

/** What a server cannot do without harm, so that its configuration is not written. */
export class Unservable extends Error {
  readonly cure: string;

  constructor(why: string, cure: string) {
    super(why);
    this.name = 'Unservable';
    this.cure = cure;
  }
}

/** Open sockets and answers that take their time live as long as a working day. */
export const IDLE_SECONDS = 12 * 60 * 60;

/** Sure to name no real host: what has no name of its own is called so (RFC 2606). */
export const NOBODY = 'rcssl.invalid';

/** Headers that no server sets, and that an app may take for one of those that it does: they come from outside alone. */
export const FROM_OUTSIDE: readonly string[] = [
  'Forwarded',
  'X-Forwarded-Server',
  ...['For', 'Proto', 'Host', 'Port', 'Server'].map((name) => `X_Forwarded_${name}`),
  'X_Real_IP',
];

/** As URLs write it. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/** `https://app:8443` */
export function urlOf({ tls, host, port }: Upstream): string {
  return `${tls ? 'https' : 'http'}://${bracketed(host)}:${port}`;
}

/** `:8443`, and nothing where it is the usual one. */
export function portSuffix({ listen: [first] }: Site): string {
  return first === undefined || first.port === 443 ? '' : `:${first.port}`;
}

/** Every name of a host as a request has it in `Host`, without a port. */
export function hostNames({ domains, addresses }: SiteHost): string[] {
  return [...domains, ...addresses.map(bracketed)];
}

/** The host whose certificate clients get that send no server name, as they do when they connect by address. */
export function nameless({ hosts }: Site): SiteHost | undefined {
  return hosts.find(({ addresses }) => addresses.length > 0);
}

/** Of servers that choose the certificate by the name in the handshake. */
export function secondAddress({ hosts }: Site): string[] {
  const [first, second] = hosts.filter(({ addresses }) => addresses.length > 0);
  if (!first || !second) return [];
  return [
    `by its address ${second.addresses.join(', ')} the certificate of ${first.addresses.join(', ')} is shown: clients name no address in the handshake; one host with both addresses, or a proxy with another listen, has one that fits`,
  ];
}

/** Some hosts ask clients for a certificate and some do not, so that a request must not be for another host than its handshake. */
export function asksInPart({ hosts }: Site): boolean {
  return hosts.some(({ clientAuth }) => clientAuth) && !hosts.every(({ clientAuth }) => clientAuth);
}

/** A regular expression for a name as `Host` has it, without a port; a wildcard stands for one label. */
export function namePattern(name: string): string {
  if (name.startsWith('[')) return `\\[${name.slice(1, -1).replaceAll('.', '[.]')}\\]`;
  return name.replaceAll('.', '[.]').replace(/^\*/, '[^.]+');
}
