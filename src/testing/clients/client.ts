/** A name under which a live server is asked for; it listens on 127.0.0.1. */
export interface Visit {
  /** A DNS name or an address, as the user would type it into the client. */
  readonly name: string;
  readonly port: number;
}

export interface Verdict {
  readonly visit: Visit;
  readonly accepted: boolean;
  /** What the client gave as its reason, for the message of a failed test. */
  readonly said: string;
}

/** A TLS client of another make, which trusts one root and nothing else. */
export interface Client {
  readonly title: string;
  /** What has to be on PATH. */
  readonly programs: readonly string[];
  /** A verdict a visit, in their order. `root`: the path of the root's certificate as PEM; `scratch`: a folder to use freely. */
  visit(visits: readonly Visit[], trust: { readonly root: string; readonly scratch: string }): Promise<Verdict[]>;
}
