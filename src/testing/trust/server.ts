import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A live server that says who came through and who hung up. */
export interface Guarded {
  readonly port: number;
  /** The next request for a path that begins like this, or the next refusal of the certificate, whichever comes first. */
  next(path: string): Promise<'accepted' | 'refused'>;
  /** Whether a path that begins like this was asked for. */
  hasSeen(path: string): boolean;
  close(): Promise<void>;
}

/** PEM texts; it listens on a free port of 127.0.0.1. A client that gets as far as its request has accepted the certificate. */
export function guard(key: string | Buffer, chain: string | Buffer): Promise<Guarded> {
  const seen: string[] = [];
  const waiting = new Set<(path: string | undefined) => void>();
  const tell = (path: string | undefined) => waiting.forEach((hear) => hear(path));
  const server: Server = createServer({ key, cert: chain }, ({ url = '' }, response) => {
    seen.push(url);
    response.writeHead(200, { 'content-type': 'text/plain' }).end('hello\n');
    tell(url);
  });
  server.on('tlsClientError', () => tell(undefined));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        hasSeen: (path) => seen.some((url) => url.startsWith(path)),
        next: (path) =>
          new Promise((found) => {
            const hear = (url: string | undefined) => {
              if (url !== undefined && !url.startsWith(path)) return;
              waiting.delete(hear);
              found(url === undefined ? 'refused' : 'accepted');
            };
            waiting.add(hear);
          }),
        close: () => {
          server.closeAllConnections();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}
