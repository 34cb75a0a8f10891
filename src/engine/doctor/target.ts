import { isIPv6 } from 'node:net';
import { isWildcard, parseName } from '../../pki/names.ts';
import { fail } from '../../diagnostics/diagnostic.ts';

/** A server to look at, as it was named. */
export interface DoctorTarget {
  /** A DNS name in A-labels, or an address without brackets. */
  readonly host: string;
  /** Undefined where none was written. */
  readonly port: number | undefined;
  /** With its query; `/` without one. */
  readonly path: string;
  /** Undefined where no scheme was written. */
  readonly typed: 'http' | 'https' | undefined;
}

const SCHEMES: Readonly<Record<string, 'http' | 'https'>> = {
  'http:': 'http',
  'ws:': 'http',
  'https:': 'https',
  'wss:': 'https',
};

/** Reads `chat.local`, `chat.local:8443`, `::1` or a URL. Throws `doctor-bad-target`. */
export function doctorTarget(asked: string): DoctorTarget {
  const hasScheme = asked.includes('://');
  const url = URL.parse(hasScheme ? asked : `https://${isIPv6(asked) ? `[${asked}]` : asked}`);
  const scheme = url && SCHEMES[url.protocol];
  const host = url?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  const port = url?.port ? Number(url.port) : portWritten(asked);
  const isServer = url && scheme && isHost(host) && url.username === '' && port !== 0;
  if (!isServer) return fail('doctor-bad-target', { asked });
  return {
    host,
    port,
    path: `${url.pathname}${url.search}`,
    typed: hasScheme ? scheme : undefined,
  };
}

/** A URL lets more pass for a host than is one. */
function isHost(host: string): boolean {
  const parsed = parseName(host);
  return 'name' in parsed && !isWildcard(parsed.name);
}

/** A URL drops the port that its scheme has anyway. */
function portWritten(asked: string): number | undefined {
  const written = /^(?:[a-z]+:\/\/)?(?:\[[^\]]*\]|[^:/?#]*):(\d+)(?=[/?#]|$)/i.exec(asked)?.[1];
  return written === undefined || isIPv6(asked) ? undefined : Number(written);
}
