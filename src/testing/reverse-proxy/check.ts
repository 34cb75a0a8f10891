import type { Answer, Reached } from './client.ts';

/** What every server is asked; the words stand in the table of the docs. */
export interface Check {
  readonly what: string;
  /** Throws what is wrong. */
  readonly run: (at: Reached, size: Size) => Promise<void>;
}

interface Size {
  /** Bytes: the declared limit of a body. */
  readonly maxBody: number;
  readonly sockets: number;
}

/** The site that all of it is about. */
export const HOST = 'app.test';

export function expectThat(fact: boolean, otherwise: string): void {
  if (!fact) throw new Error(otherwise);
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly bytes: number;
}

export function seen({ status, body }: Answer): Seen {
  expectThat(status === 200, `status ${status}`);
  return JSON.parse(body) as Seen;
}

export function headersOf({ rawHeaders }: Seen, name: string): string[] {
  return rawHeaders.filter((_, n) => n % 2 === 1 && rawHeaders[n - 1]?.toLowerCase() === name.toLowerCase());
}
