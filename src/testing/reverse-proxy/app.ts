import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { ddpSession } from './ddp.ts';
import { encodeFrame, onFrames } from './frames.ts';

/** Between two events of the stream. */
const BEAT = 150;

/**
 * The app behind a proxy: it says what it was asked, counts what is uploaded, streams events, and echoes what comes
 * through a WebSocket at any path; below `/ddp` it speaks Rocket.Chat's protocol, and
 * at `…/who` it says its port.
 */
export async function startApp(): Promise<{ readonly port: number }> {
  const server = createServer(answer);
  server.on('upgrade', (request, socket, head) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('error', () => undefined);
    const session = request.url?.startsWith('/ddp/') ? ddpSession() : undefined;
    onFrames(socket, head, ({ kind, payload }) => {
      if (kind === 1 && session) {
        for (const text of session(payload.toString()))
          socket.write(encodeFrame({ kind: 1, payload: Buffer.from(text) }, false));
      } else if (request.url?.endsWith('/who')) {
        socket.write(encodeFrame({ kind, payload: Buffer.from(String(request.socket.localPort)) }, false));
      } else if (kind === 8) socket.end(encodeFrame({ kind, payload }, false));
      else socket.write(encodeFrame({ kind: kind === 9 ? 10 : kind, payload }, false));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url?.startsWith('/events')) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    let sent = 0;
    const beat = setInterval(() => {
      response.write(`data: ${(sent += 1)}\n\n`);
      if (sent < 4) return;
      clearInterval(beat);
      response.end();
    }, BEAT);
    response.on('close', () => clearInterval(beat));
    return;
  }
  let bytes = 0;
  request.on('data', (chunk: Buffer) => void (bytes += chunk.length));
  request.on('error', () => undefined);
  request.on('end', () => {
    const { method, url, rawHeaders, socket } = request;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ method, url, rawHeaders, bytes, port: socket.localPort, instance: socket.localPort }),
    );
  });
}
