import { request as httpsRequest } from 'node:https';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { encodeFrame, onFrames, type Frame } from './frames.ts';

/** A site that runs, and what a client needs to reach and to trust it. */
export interface Reached {
  readonly address: string;
  readonly port: number;
  readonly plainPort: number;
  readonly ca: Buffer;
  /** The address that the client has; default: whatever the system takes. */
  readonly from?: string;
  readonly client?: { readonly key: Buffer; readonly cert: Buffer };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asked {
  readonly host: string;
  /** The name in the handshake; undefined sends none. Default: the host. */
  readonly sni?: string | undefined;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | undefined;
  /** Sends the body in pieces, without a length. */
  readonly chunked?: boolean;
}

/** On a busy machine 200 MB through TLS take their time. */
export const TIMEOUT = 180_000;

/** One request over TLS on a connection of its own; only the generated root is trusted. */
export function ask(
  at: Reached,
  { host, path = '/', method = 'GET', headers = {}, body, chunked, ...more }: Asked,
): Promise<Answer> {
  const name = 'sni' in more ? more.sni : host;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        host: at.address,
        port: at.port,
        ...(at.from !== undefined && { localAddress: at.from }),
        ca: at.ca,
        ...at.client,
        // An empty name is how none is sent.
        servername: name ?? '',
        checkServerIdentity: () => undefined,
        path,
        method,
        headers: { Host: host, ...(body && !chunked && { 'Content-Length': String(body.length) }), ...headers },
        agent: false,
        timeout: TIMEOUT,
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => void (text += chunk.toString('utf8')));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on('error', reject);
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    if (chunked && body) request.write(body);
    request.end(chunked ? undefined : body);
  });
}

/** One request in plain HTTP. */
export function askPlain(at: Reached, host: string, path: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: at.address, port: at.plainPort, path, headers: { Host: host }, agent: false, timeout: TIMEOUT },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' }));
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end();
  });
}

export function handshake(at: Reached, servername: string | undefined, more: object = {}): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect(
      {
        host: at.address,
        port: at.port,
        ...(at.from !== undefined && { localAddress: at.from }),
        ca: at.ca,
        ...at.client,
        ...(servername !== undefined && { servername }),
        checkServerIdentity: () => undefined,
        ALPNProtocols: ['http/1.1'],
        ...more,
      },
      () => resolve(socket),
    );
    socket.setTimeout(TIMEOUT, () => socket.destroy(new Error('no handshake')));
    socket.once('error', reject);
  });
}

export interface OpenSocket {
  readonly socket: TLSSocket;
  /** Sends, and gives what comes back. */
  echo(frame: Frame): Promise<Frame>;
  close(): void;
}

export async function openWebSocket(
  at: Reached,
  host: string,
  path = '/websocket',
  headers: Readonly<Record<string, string>> = {},
): Promise<OpenSocket> {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const socket = await handshake(at, host);
  // From now on it may idle.
  socket.setTimeout(0);
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: ${host}:${at.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more.join('')}\r\n`,
  );
  const rest = await new Promise<Buffer>((resolve, reject) => {
    let head = Buffer.alloc(0);
    const read = (chunk: Buffer): void => {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      socket.off('data', read);
      const line = head.toString('latin1', 0, head.indexOf('\r\n'));
      if (line.includes(' 101 ')) resolve(head.subarray(end + 4));
      else reject(new Error(line));
    };
    socket.on('data', read);
    socket.once('close', () => reject(new Error('closed')));
  });
  const waiting: ((frame: Frame) => void)[] = [];
  onFrames(socket, rest, (frame) => waiting.shift()?.(frame));
  return {
    socket,
    echo: (frame) =>
      new Promise((resolve, reject) => {
        socket.once('close', () => reject(new Error('the socket was closed')));
        waiting.push(resolve);
        socket.write(encodeFrame(frame, true));
      }),
    close: () => void socket.destroy(),
  };
}
