/** X.509 subject attributes; `commonName` is set by rcssl from the name. */
export interface Subject {
  readonly commonName?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly locality?: string;
  readonly state?: string;
  /** ISO 3166 two-letter code. */
  readonly country?: string;
}

/** What a host's certificate is for: extended key usage serverAuth, clientAuth. */
export type Usage = 'server' | 'client';
