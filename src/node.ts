import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { RequestListener } from 'node:http';
import type { Server as TlsServer } from 'node:tls';
import type { WatchOptions } from './api.ts';
import { RcsslError } from './diagnostics/diagnostic.ts';
import type { PlanResult } from './engine/types.ts';
import type { WatchEvent } from './watch/events.ts';
import { plan, watch } from './index.ts';

/** Milliseconds. */
const LOOK_EVERY = 1000;

/** As `watch` takes them; `onEvent` is told all that it tells. */
export interface HotOptions extends Omit<WatchOptions, 'cwd' | 'only'> {
  readonly cwd?: string;
  readonly onEvent?: (event: WatchEvent) => void;
}

/** The key and the certificate of a host, always a pair. PEM. */
export interface Pair {
  readonly key: Buffer;
  readonly cert: Buffer;
}

export interface HotContext {
  /** As they are now: for `https.createServer`, `http2.createSecureServer` and `tls.createServer`. */
  readonly pair: Pair;
  /** Swaps the pair of a server whenever it changes; connections that are open go on. Ends with the server. */
  keep(server: TlsServer): void;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/**
 * The key and the certificate of a declared host, kept valid by a watch (`rcssl watch`: what is missing or near its end is
 * made). Resolves once they are there. Throws `RcsslError`: no such host, or what keeps the first run from making them.
 */
export async function secureContext(host: string, options: HotOptions = {}): Promise<HotContext> {
  const { onEvent, ...rest } = options;
  const where = await pathsOf(host, rest);
  const servers = new Set<TlsServer>();
  const ended = new AbortController();
  const signal = rest.signal ? AbortSignal.any([rest.signal, ended.signal]) : ended.signal;
  const first = Promise.withResolvers<Pair>();
  let pair: Pair | undefined;
  let { key, cert } = where;

  const take = async (): Promise<void> => {
    const found = await readPair(key, cert);
    if (!found || (pair?.key.equals(found.key) && pair.cert.equals(found.cert))) return;
    pair = found;
    for (const server of servers) server.setSecureContext({ ...found });
    first.resolve(found);
  };
  const follow = async (): Promise<void> => {
    for await (const event of watch({ ...rest, signal })) {
      onEvent?.(event);
      if (event.type === 'applied') ({ key, cert } = placesIn(event.result, where.owner) ?? { key, cert });
      if (event.type === 'applied' || event.type === 'status') await take();
      if (event.type === 'failed') first.reject(new RcsslError([...event.diagnostics]));
    }
    first.reject(signal.reason);
  };
  // Whoever has it by now does not hear of later failures here.
  first.promise.catch(() => undefined);
  const following = follow();
  // Where another rcssl has changed them, this watch finds nothing to do and tells nothing.
  const looking = setInterval(() => void take(), LOOK_EVERY);
  const stop = async (): Promise<void> => {
    clearInterval(looking);
    ended.abort(new Error('stopped'));
    servers.clear();
    await following;
  };
  try {
    await first.promise;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    get pair() {
      return pair as Pair;
    },
    keep(server) {
      servers.add(server);
      server.setSecureContext({ ...(pair as Pair) });
      server.once('close', () => servers.delete(server));
    },
    stop,
  };
}

/**
 * An HTTPS server of node:https for a declared host, with its certificate swapped while it runs. Its watch ends when it is
 * closed. `options.tls` is handed to `https.createServer`.
 */
export async function createSecureServer(
  host: string,
  options: HotOptions & { readonly tls?: ServerOptions } = {},
  listener?: RequestListener,
): Promise<Server> {
  const { tls, ...rest } = options;
  const context = await secureContext(host, rest);
  const server = createServer({ ...tls, ...context.pair }, listener);
  context.keep(server);
  server.once('close', () => void context.stop());
  return server;
}

interface Places {
  readonly key: string;
  readonly cert: string;
}

async function pathsOf(
  host: string,
  options: Omit<HotOptions, 'onEvent'>,
): Promise<Places & { readonly owner: string }> {
  const { replaceRoot, poll, ...rest } = options;
  const result = await plan({ ...rest, only: [host] });
  const owner = result.plan.hosts[0]?.id ?? '';
  return { owner, ...(placesIn(result, owner) ?? { key: '', cert: '' }) };
}

/** The full chain where there is one. */
function placesIn({ plan: { hosts } }: Pick<PlanResult, 'plan'>, owner: string): Places | undefined {
  const host = hosts.find(({ id }) => id === owner);
  return host && { key: host.key.target.path, cert: (host.fullchain ?? host.certificate).target.path };
}

/** Undefined while one is missing or they do not match: the next event brings both. */
async function readPair(keyPath: string, certPath: string): Promise<Pair | undefined> {
  try {
    const [key, cert] = await Promise.all([readFile(keyPath), readFile(certPath)]);
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { key, cert } : undefined;
  } catch {
    return undefined;
  }
}
