import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { OwnerId } from '../../kernel/ids.ts';

/** A TLS server to ask. */
export interface Endpoint {
  /** A DNS name in A-labels, or an address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What is to be inspected. */
export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'owner'; readonly id: OwnerId }
  | { readonly kind: 'server'; readonly endpoint: Endpoint };

/** What an argument is looked up in. */
export interface Known {
  /** The absolute path, if a file is there. */
  existingFile(asked: string): string | undefined;
  /** Owners that the configuration declares; undefined if there is no configuration. */
  readonly owners: readonly { readonly id: OwnerId; readonly name: string }[] | undefined;
}

/** https and wss begin with TLS; their port is RFC 9110's and RFC 6455's. */
const TLS_PORT = 443;
const SCHEMES = ['https:', 'wss:'];

/**
 * Says what an argument means: an existing file first, then a declared host (or an id, `ca:NAME`), then a URL or HOST:PORT. A bare
 * name that is none of these is never dialled: the network is touched only where it is plainly asked for.
 * Throws `inspect-unknown-target`, which lists what was tried, and `inspect-scheme`.
 */
export function resolveTarget(asked: string, known: Known): Target {
  const path = known.existingFile(asked);
  if (path !== undefined) return { kind: 'file', path };
  const owner = known.owners?.find(({ id, name }) => asked === id || (id.startsWith('host:') && sameName(asked, name)));
  if (owner) return { kind: 'owner', id: owner.id };
  const endpoint = asked.includes('://') ? fromUrl(asked) : fromHostAndPort(asked);
  if (endpoint) return { kind: 'server', endpoint };
  return fail('inspect-unknown-target', {
    asked,
    tried: [
      'no such file',
      known.owners ? 'no declared host' : 'no configuration that declares it',
      'no URL or HOST:PORT',
    ],
  });
}

function sameName(left: string, right: string): boolean {
  return left === right || (domainToASCII(left) !== '' && domainToASCII(left) === domainToASCII(right));
}

function fromUrl(asked: string): Endpoint | undefined {
  const url = URL.parse(asked);
  if (!url || url.hostname === '') return undefined;
  if (!SCHEMES.includes(url.protocol)) fail('inspect-scheme', { scheme: url.protocol.slice(0, -1) });
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port === '' ? TLS_PORT : Number(url.port) };
}

/** By way of a URL, so that names come out as A-labels and addresses in their one spelling. */
function fromHostAndPort(asked: string): Endpoint | undefined {
  const match = /^(\[[\da-f:.]+\]|[^\s:/?#@[\]\\]+):(\d{1,5})$/i.exec(asked);
  return match && Number(match[2]) > 0 ? fromUrl(`https://${asked}`) : undefined;
}

/** `chat.local:443`, `[::1]:8443`. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
