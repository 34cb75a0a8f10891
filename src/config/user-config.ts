import type { StoreWord } from '../trust/store-ids.ts';
import type { HookSignal } from '../kernel/hook.ts';
import type { ProxyServer } from '../reverse-proxy/registry.ts';
import type { KeyKind } from '../pki/key-kinds.ts';
import type { Usage } from '../pki/subject.ts';
import type { Layout } from './types.ts';
import type { HostLintId, RootLintId } from './client-ids.ts';

/**
 * What a user writes. By hand, so that the docs show on hover and the published types need no zod; a test holds these
 * interfaces and their words against the schema.
 */
export interface UserConfig {
  /** The JSON Schema that editors complete this file with. */
  $schema?: string | undefined;
  /** The root that signs every host of this project. */
  ca?: UserCa | undefined;
  /** What holds for every host that does not say otherwise. */
  defaults?: UserDefaults | undefined;
  /** The servers that get a certificate: a name, or an object where the defaults do not fit. */
  hosts: (string | UserHost)[];
  /** What runs once anything has changed: a command, a signal or an HTTP call, or a list of them. */
  onChange?: UserHook | UserHook[] | undefined;
  /** The reverse proxies that use the certificates: rcssl writes their configurations. */
  proxies?: UserProxy[] | undefined;
  /** The folder for files whose path is not given, relative to this file. Default: `certs`. */
  outDir?: string | UserFolder | undefined;
  /** The trust stores of this computer that are to have the root, as { stores: ['system', 'chromium', 'firefox', 'java'] }: part of the plan, and done by apply --trust alone. */
  trust?: UserTrust | undefined;
}

export interface UserCa {
  /** The common name of the root, as trust stores show it. A root without output.key is shared by this name. Default: `Development Root`. */
  name?: string | undefined;
  /** The kind of the root's key; another one makes a new root, which every device has to trust anew. Default: `rsa-4096`. */
  key?: KeyKind | undefined;
  /** How long the root's certificate is valid: 90s, 10m, 12h, 365d, 2w or 2y. Default: `1024d`. */
  validity?: string | undefined;
  /** How long before its end the root is renewed with its key. Default: the lesser of 30d and a third of the validity. */
  renewBefore?: string | undefined;
  /** More about who the root belongs to: the subject's attributes beside the common name. */
  subject?: UserSubject | undefined;
  /** Where the passphrase that encrypts the root's key comes from, never the passphrase itself. Without it the key is not encrypted. */
  passphrase?: UserPassphrase | undefined;
  /** What the root may sign for. auto: the development namespaces and the names declared here; permit adds more in advance; none: anything. Default: `auto`. */
  constraints?: 'auto' | 'none' | UserConstraints | undefined;
  /** Client warnings about the root that the team has decided to live with. */
  accept?: RootLintId[] | undefined;
  /** Where the root's files go. Without key the root lives in your data folder, shared by all projects. */
  output?: UserCaOutput | undefined;
}

/** Where a passphrase comes from. */
export type UserPassphrase = { env: string } | { file: string } | { command: string[] } | { prompt: true };

export interface UserConstraints {
  /** Domains (with all under them), addresses or CIDR ranges that the root may sign for beside the declared names. */
  permit: string[];
}

export interface UserCaOutput {
  /** The root's private key: a path relative to this file, or an object. */
  key?: string | UserOutput | undefined;
  /** The root's certificate, to hand out. Default: beside output.key, ending in .crt. */
  cert?: string | UserOutput | undefined;
}

export interface UserDefaults {
  /** Add this machine's private addresses and its .local name, found whenever a plan is made. Default: `false`. */
  lan?: boolean | undefined;
  /** The kind of key. Default: `rsa-2048`. */
  key?: KeyKind | undefined;
  /** How long the certificate is valid: 90s, 10m, 12h, 365d, 2w or 2y. Default: `365d`. */
  validity?: string | undefined;
  /** How long before its end the certificate is renewed. Default: the lesser of 30d and a third of the validity. */
  renewBefore?: string | undefined;
  /** Keep the key when the certificate is renewed or its names change. Default: `true`. */
  reuseKey?: boolean | undefined;
  /** How the files change: one after the other, or all at one instant, as a folder of their own that is a link. Default: `files`. */
  layout?: Layout | undefined;
  /** What the certificate is for: to serve, to log in as a client, or both. Default: `["server"]`. */
  usage?: Usage[] | undefined;
  /** More about who the host belongs to: the subject's attributes beside the common name. */
  subject?: UserSubject | undefined;
  /** Client warnings that the team has decided to live with, by their ids. */
  accept?: HostLintId[] | undefined;
}

export interface UserHost extends UserDefaults {
  /** The common name and the first of the names: a domain, a wildcard, an address, a .local name, a URI or an e-mail address. */
  name: string;
  /** More names of the same server. International names are written as typed. */
  altNames?: string[] | undefined;
  /** What runs once files of this host have changed: a command, a signal or an HTTP call, or a list of them. */
  onChange?: UserHook | UserHook[] | undefined;
  /** Where the files go. Default: in outDir, called after the name. */
  output?: UserHostOutput | undefined;
}

export interface UserHostOutput {
  /** The private key: a path relative to this file, or an object. */
  key?: string | UserOutput | undefined;
  /** The certificate signing request; false leaves it out. */
  csr?: string | UserOutput | false | undefined;
  /** The certificate. */
  cert?: string | UserOutput | undefined;
  /** The certificate and what stands between it and the root, as nginx and the like want it; false leaves it out. */
  fullchain?: string | UserOutput | false | undefined;
  /** The full chain and the private key in one file, as HAProxy wants it; made where a proxy needs it, or a path is given. */
  combined?: string | UserOutput | undefined;
  /** The same as PKCS#12 with an empty passphrase, as Windows and IIS want it; made where a proxy needs it, or a path is given. */
  pfx?: string | UserOutput | undefined;
}

export interface UserProxy {
  /** The program that the configuration is for. */
  server: ProxyServer;
  /** What rcssl calls it, where one server is declared twice. Default: the server. */
  name?: string | undefined;
  /** The configuration. Default: in proxy/, called as the server's documentation calls it. */
  output?: string | UserOutput | undefined;
  /** The declared hosts that it serves. Default: all that are servers. */
  hosts?: string[] | undefined;
  /** Where the app listens; of several, each client stays with one. Default: `http://127.0.0.1:3000`. */
  upstream?: string | string[] | undefined;
  /** Other upstreams for a host, a path and what is below it, or both. */
  routes?: UserRoute[] | undefined;
  /** Ports for HTTPS; without an address on all, IPv4 and IPv6. Default: `443`. */
  listen?: number | string | (number | string)[] | undefined;
  /** Ports for plain HTTP, which are redirected to HTTPS with path and query; false listens on none. Default: `80`. */
  redirectFrom?: number | string | (number | string)[] | false | undefined;
  /** The largest request body, as an upload has one: kb, mb or gb. Default: `200mb`. */
  maxBody?: string | undefined;
  /** Mutual TLS: only clients with a certificate get in; true takes those of the root of this configuration. */
  clientAuth?: true | UserClientAuth | undefined;
  /** How long browsers refuse plain HTTP for the hosts. It outlives a development certificate; default: never said. */
  hsts?: string | undefined;
  /** A whole configuration, for a server of its own that needs no root, in place of a part to include. Default: `false`. */
  standalone?: boolean | undefined;
  /** Where a standalone Apache has its modules. Default: Debian's /usr/lib/apache2/modules. */
  modules?: string | undefined;
  /** Let the server's own check judge a new configuration before it replaces the old one. Default: `true`. */
  validate?: boolean | undefined;
  /** What makes the server take up new files after an apply: true for its usual command, or a command as a list of arguments; no shell. Default: `false`. */
  reload?: boolean | string[] | undefined;
}

export interface UserRoute {
  /** The declared host. Default: every one that is served. */
  host?: string | undefined;
  /** The path, with all below it. Default: `/`. */
  path?: string | undefined;
  /** Where that app listens; of several, each client stays with one. */
  upstream: string | string[];
}

export interface UserClientAuth {
  /** The certificate that signed the clients'. Default: the root of this configuration. */
  ca?: string | undefined;
  /** The hosts that ask for it. Default: all that are served. */
  hosts?: string[] | undefined;
  /** Let clients without a certificate in as well; one that is shown must be good. Default: `false`. */
  optional?: boolean | undefined;
}

export interface UserOutput {
  /** The file, relative to this configuration. */
  path: string;
  /** Permission bits as a text, such as 0640. Default: 0600 for what holds a key, 0644 for the rest. */
  mode?: string | undefined;
  /** The group that owns the file, by name or number: for containers that run as another user. */
  group?: string | number | undefined;
  /** Leave to write outside the project. Default: `false`. */
  outside?: boolean | undefined;
  /** What runs once this file has changed: a command, a signal or an HTTP call, or a list of them. */
  onChange?: UserHook | UserHook[] | undefined;
}

export interface UserHook {
  /** The program and its arguments, run in the folder of this configuration. */
  command?: string[] | undefined;
  /** The words of command, with spaces between them, are a line for the system's shell. Default: `false`. */
  shell?: boolean | undefined;
  /** Sent to the process whose id is in pidFile. */
  signal?: HookSignal | undefined;
  /** The file that holds a process id, relative to this configuration. */
  pidFile?: string | undefined;
  /** Called with the changes as JSON. */
  url?: string | undefined;
  /** The HTTP method. Default: `POST`. */
  method?: 'POST' | 'PUT' | 'GET' | undefined;
  /** After so long it has failed, and is ended with all that it started. Default: `30s`. */
  timeout?: string | undefined;
}

export interface UserFolder {
  /** The folder, relative to this configuration. */
  path: string;
  /** Permission bits of the folder when it is made, as a text such as 0755. Default: 0700. */
  mode?: string | undefined;
  /** The group that owns the folder when it is made, by name or number. */
  group?: string | number | undefined;
  /** Leave to write outside the project. Default: `false`. */
  outside?: boolean | undefined;
}

export interface UserTrust {
  /** The stores, such as system, chromium, firefox and java; those of other systems are passed over. system is this computer's own. */
  stores: StoreWord[];
}

export interface UserSubject {
  /** O: the organization. */
  organization?: string | undefined;
  /** OU: the part of the organization. */
  organizationalUnit?: string | undefined;
  /** L: the town. */
  locality?: string | undefined;
  /** ST: the state or province. */
  state?: string | undefined;
  /** C: the country, as two capital letters (ISO 3166). */
  country?: string | undefined;
}

/** What a configuration that is a function is called with: never the command, so that plan and apply see the same one. */
export interface ConfigContext {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a configuration file may export by default. */
export type ConfigExport =
  | UserConfig
  | Promise<UserConfig>
  | ((context: ConfigContext) => UserConfig | Promise<UserConfig>);
