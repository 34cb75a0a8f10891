import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A live HTTPS server on a free port of 127.0.0.1, which says `hello`. */
export interface LiveServer {
  readonly port: number;
  close(): Promise<void>;
}

/** PEM texts; `chain` is the server's own certificate and what stands between it and the root. */
export function serve(key: string | Buffer, chain: string | Buffer): Promise<LiveServer> {
  const server = createServer({ key, cert: chain }, (_, response) => {
    // A page on file:// asks for it, whose origin is null.
    response.writeHead(200, { 'content-type': 'text/plain', 'access-control-allow-origin': '*' }).end('hello\n');
  });
  // Clients that refuse hang up in the middle of a handshake, which is what they are here for.
  server.on('tlsClientError', () => {});
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      resolve({ port: (server.address() as AddressInfo).port, close: () => closed(server) });
    });
  });
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
