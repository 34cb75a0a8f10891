import type { Secret } from './secret.ts';

/** A network that this machine is in. */
export interface Network {
  /** The interface: `wlan0`. */
  readonly name: string;
  /** This machine's address in it. */
  readonly address: string;
  /** `192.168.1.20/24` */
  readonly cidr: string;
  /** `lan`: private addresses on a network of its own. `virtual`: of containers, virtual machines and tunnels. `public`: any other. */
  readonly kind: 'lan' | 'virtual' | 'loopback' | 'public';
}

/** What a client asked for. Everything in it was written by somebody else. */
export interface WebRequest {
  readonly method: string;
  /** As it was sent; nothing is decoded. */
  readonly target: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly userAgent: string;
  /** Of the client. */
  readonly address: string;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WebOptions {
  /** One of this machine's; never a wildcard. */
  readonly address: string;
  /** 0: any that is free. */
  readonly port: number;
  /** HTTPS with this key (PEM) and this chain (PEM, the server's own first); HTTP without it. */
  readonly tls?: { readonly key: Secret; readonly chain: string };
  /** Whether a client may speak at all, by its address; the others are cut off before they have said a word. */
  readonly admits: (address: string) => boolean;
  readonly answer: (request: WebRequest) => WebAnswer;
  /** A client that is admitted has connected. */
  readonly onConnection?: (address: string) => void;
}

/** A small web server for strangers: what is too big, too slow or too much is cut off by it. */
export interface Web {
  networks(): readonly Network[];
  /** Throws the system's error (`EADDRINUSE`). */
  listen(options: WebOptions): Promise<{ readonly port: number; close(): Promise<void> }>;
}

/** Calls once, after so many milliseconds; gives the way to take it back. */
export interface Timer {
  after(wait: number, call: () => void): () => void;
}
