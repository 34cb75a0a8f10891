import type { Instant } from './instant.ts';
import type { Secret } from './secret.ts';
import type { SecretRef } from './secret-ref.ts';

/** The world, as the pure parts of rcssl see it: small interfaces, with Node's adapters in `platform/`. */

export interface Clock {
  now(): Instant;
}

export type EntryKind = 'file' | 'folder' | 'symlink' | 'other';

/** What `lstat` says. `mode` is the permission bits alone; on Windows it is always undefined. */
export interface Entry {
  readonly kind: EntryKind;
  /** Two paths with one identity are one file: `DEVICE:INODE`. */
  readonly identity: string;
  readonly size: number;
  readonly mode: number | undefined;
  readonly uid: number;
  readonly gid: number;
  /** When its content, rights or name last changed, in milliseconds with fractions (ctime). */
  readonly changed: number;
}

/** A read that could not be done; `code` is the system's (`EACCES`) or ours (`TOOBIG`, `NOTFILE`). */
export class ReadFault extends Error {
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string) {
    super(`${path}: ${code}`);
    this.name = 'ReadFault';
    this.code = code;
    this.path = path;
  }
}

/**
 * Files to read. Reads are synchronous: a run with nothing to do reads thousands of small files, and the event loop
 * costs more than they do.
 */
export interface Files {
  /** The entry itself, links not followed; undefined if nothing is there. Throws `ReadFault`. */
  entry(path: string): Entry | undefined;
  /** The bytes of a regular file of at most `limit` bytes; undefined if nothing is there. Throws `ReadFault`; never blocks on a FIFO or a device. */
  read(path: string, limit: number): Buffer | undefined;
  /** Names in a folder, sorted; empty if there is none. */
  list(folder: string): string[];
  /** What a link says; undefined if nothing is there, or no link. Throws `ReadFault`. */
  readLink(path: string): string | undefined;
  /** The path with every link resolved, as far as it exists. */
  realPath(path: string): string;
}

export interface ExecResult {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** Runs a program by its argument list, never through a shell. */
export interface Exec {
  run(
    argv: readonly string[],
    options: {
      readonly cwd: string;
      readonly timeout: number;
      readonly signal?: AbortSignal;
      /** Its standard input, which is empty without it. */
      readonly input?: string;
      /** Added to this process's own. */
      readonly env?: Readonly<Record<string, string>>;
      /** In a session of its own (POSIX), so that it finds no terminal to ask on. */
      readonly noTerminal?: boolean;
      /** With the rights that sudo gave and that this process has laid down: `Computer.rights` is `caller`. */
      readonly asRoot?: boolean;
    },
  ): Promise<ExecResult>;
}

/** What a secret is wanted for. */
export interface SecretPurpose {
  readonly what: string;
  /** The folder that a file or a command is relative to. */
  readonly cwd: string;
  /** It will lock something anew: a typing error would lock it for good, so a prompt asks twice. */
  readonly fresh?: boolean;
  /** How it is given where nobody can be asked; `ca.passphrase` of the configuration without it. */
  readonly instead?: string;
  /** Stops a command that is to give it. */
  readonly signal?: AbortSignal | undefined;
}

/** Resolves a reference to a secret. `prompt` asks on the terminal; where there is none it throws a coded error. */
export interface Secrets {
  resolve(reference: SecretRef, purpose: SecretPurpose): Promise<Secret>;
}

/** What this machine is called: input of `desired`, so that one committed config serves every laptop. */
export interface Machine {
  /** Private IPv4 and unique-local IPv6 addresses of its network interfaces, sorted. */
  readonly addresses: readonly string[];
  /** Its Bonjour name, `laptop.local`; undefined where the host name gives none. */
  readonly localName: string | undefined;
  /** The user's data folder for rcssl: roots without `ca.output.key` live there. */
  readonly dataFolder: string;
}

export type System = 'linux' | 'macos' | 'windows';

/** The computer and whoever sits at it: what trust stores there are depends on both. */
export interface Computer {
  /** Everything that is neither macOS nor Windows counts as Linux. */
  readonly system: System;
  /** The user's own folder; under sudo that of whoever called it. Absolute. */
  readonly home: string;
  /** `root`: this process may do everything (`caller`: on behalf of whoever called sudo); `user`: it would have to ask sudo. */
  readonly rights: 'root' | 'caller' | 'user';
}

export interface NewFile {
  readonly bytes: Buffer;
  /** Permission bits, exact whatever the umask. */
  readonly mode: number;
  readonly gid: number | undefined;
  /** Where the system does not let it have that group it has none of its own. */
  readonly mayLoseGroup?: boolean;
}

/** Files to write. Errors are the system's (`code: 'ENOSPC'`). */
export interface Disk {
  /** A file that was not there (O_EXCL), with its final mode before its first byte; on the disk when `durable`. */
  createFile(path: string, file: NewFile, durable: boolean): Promise<void>;
  /** A link that was not there, to a folder. */
  createLink(path: string, target: string): void;
  /** The folder and its parents, all of that mode and group; gives those it made, outermost first. */
  makeFolder(path: string, mode: number, gid?: number): string[];
  /** An empty folder; one that cannot be removed stays. */
  removeFolder(path: string): void;
  /** The folder's own entries are on the disk. */
  syncFolder(path: string): Promise<void>;
  /** Atomic replacement. */
  rename(from: string, to: string): void;
  /** Nothing there is fine. */
  remove(path: string): void;
}

/** What a TLS server shows. */
export interface Presented {
  /** The address that answered. */
  readonly address: string;
  /** `TLSv1.3` */
  readonly protocol: string;
  /** By its IANA name. */
  readonly cipher: string;
  /** Certificates as DER, the server's own first, roots left out unless it is alone; empty if it sent none. */
  readonly chain: readonly Buffer[];
  /** Why the chain does not verify, by OpenSSL's or Node's code; undefined if it does. */
  readonly fault: string | undefined;
}

/** How far a look at a server came: nothing is listening, no TLS came about, what came back is no HTTP. */
export type ProbeStage = 'connection' | 'handshake' | 'answer';

/** It came no further than `stage`. `code` is the system's, OpenSSL's or that of Node's parser. */
export class ProbeFault extends Error {
  readonly stage: ProbeStage;
  readonly code: string;

  constructor(stage: ProbeStage, code: string, options?: ErrorOptions) {
    super(code, options);
    this.name = 'ProbeFault';
    this.stage = stage;
    this.code = code;
  }
}

/** Asks a TLS server for its certificates. Used only where a command names the server. */
export interface TlsProbe {
  /** `anchors` as DER: the roots to verify under, the public ones if undefined. `timeout` in milliseconds. Throws `ProbeFault`. */
  probe(server: {
    readonly host: string;
    /** What is dialled; whatever the name resolves to, if undefined. */
    readonly address?: string | undefined;
    readonly port: number;
    readonly anchors: readonly Buffer[] | undefined;
    readonly timeout: number;
    readonly signal?: AbortSignal;
  }): Promise<Presented>;
}

/** The head of an answer; the body is not read. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case names; of those that came twice the first, or all with commas between. */
  readonly headers: Readonly<Record<string, string>>;
  /** A WebSocket has been opened: 101 with the right `Sec-WebSocket-Accept` (RFC 6455 section 4.1). */
  readonly isUpgraded: boolean;
}

/** What is asked of a network, by `doctor` and its kin, within `timeout` milliseconds. */
export interface Network extends TlsProbe {
  /** The addresses of a name as programs here get them; empty if it has none. */
  addresses(name: string, limits: NetworkLimits): Promise<readonly string[]>;
  /** Those that are announced by multicast DNS (RFC 6762); empty if nobody answers. */
  announced(name: string, limits: NetworkLimits): Promise<readonly string[]>;
  /** One GET by HTTP/1.1, whatever certificate the server has. Throws `ProbeFault`. */
  get(
    server: {
      readonly host: string;
      readonly address?: string | undefined;
      readonly port: number;
      readonly secure: boolean;
      /** Begins with a slash. */
      readonly path: string;
      /** Asks for a WebSocket. */
      readonly upgrade?: boolean;
    },
    limits: NetworkLimits,
  ): Promise<HttpAnswer>;
}

export interface NetworkLimits {
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

/** What hooks do to the world. A command, a request or a signal that cannot be begun throws the system's error. */
export interface HookPort {
  /** Ends with its whole process group when the time is over or `signal` aborts. `output` is the end of what it printed. */
  run(
    argv: readonly string[],
    options: {
      readonly cwd: string;
      /** The words are a line for the system's shell. */
      readonly shell: boolean;
      readonly input: string;
      /** Added to this process's own … */
      readonly env: Readonly<Record<string, string>>;
      /** … without these. */
      readonly without: readonly string[];
      readonly timeout: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<{ readonly code: number | null; readonly timedOut: boolean; readonly output: string }>;
  /**
   * Signals the process whose id is in a file; gives why it could not, `ESRCH` also where the id is another process's by
   * now. `programs`: names that the process may go by.
   */
  kill(pidFile: string, signal: string, programs: readonly string[]): string | undefined;
  /** Puts the same content in the place of a regular file, so that who watches it reads it. */
  rewrite(file: string): void;
  /** A file that a server has while it runs is there; a socket has somebody who listens. */
  isRunning(path: string): Promise<boolean>;
  /** Gives the status. */
  request(
    url: string,
    options: {
      readonly method: string;
      readonly body: string;
      readonly timeout: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<number>;
}

export interface World {
  readonly clock: Clock;
  readonly files: Files;
  readonly disk: Disk;
  /** This process, as a lock names its holder. */
  readonly process: {
    readonly id: number;
    readonly host: string;
    /** When it was started, as the system counts: an id is used again. Undefined where that cannot be told cheaply. */
    readonly start: string | undefined;
    /** Given a start, it must be that of the process that has the id now, where this can be told. */
    isAlive(id: number, start?: string): boolean;
  };
  readonly exec: Exec;
  readonly secrets: Secrets;
  /** Loaded when a hook is to run. */
  hooks(): Promise<HookPort>;
  readonly env: Readonly<Record<string, string | undefined>>;
  machine(): Machine;
  computer(): Computer;
  /** The roots that the system trusts, as PEM texts: where they lie in no file. */
  systemRoots(): Promise<readonly string[]>;
}
