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

interface ExecResult {
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

/** No connection came about; `stage` says whether a server answered at all. `code` is the system's or OpenSSL's. */
export class ProbeFault extends Error {
  readonly stage: 'connection' | 'handshake';
  readonly code: string;

  constructor(stage: 'connection' | 'handshake', code: string, options?: ErrorOptions) {
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
    readonly port: number;
    readonly anchors: readonly Buffer[] | undefined;
    readonly timeout: number;
    readonly signal?: AbortSignal;
  }): Promise<Presented>;
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
}
