import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Web, WebAnswer, WebOptions } from '../kernel/web.ts';
import { networks } from './machine.ts';

/** In milliseconds. A page and a file of a few kilobytes: whoever needs longer is no browser on this network. */
const LONGEST = { handshake: 5000, headers: 5000, request: 5000, idle: 10_000, connection: 60_000 };
const MOST = { connections: 128, connectionsOfOne: 24, headerBytes: 8 * 1024, headers: 64, requestsOfOne: 100 };

const LIMITS: ServerOptions = {
  maxHeaderSize: MOST.headerBytes,
  headersTimeout: LONGEST.headers,
  requestTimeout: LONGEST.request,
  keepAliveTimeout: 2000,
  connectionsCheckingInterval: 1000,
  insecureHTTPParser: false,
};

export const nodeWeb: Web = { networks, listen };

function listen(options: WebOptions): ReturnType<Web['listen']> {
  const { address, port, tls } = options;
  const respond = (request: IncomingMessage, response: ServerResponse): void => answer(request, response, options);
  const server = tls
    ? createTlsServer({
        ...LIMITS,
        key: tls.key.reveal(),
        cert: tls.chain,
        minVersion: 'TLSv1.2',
        handshakeTimeout: LONGEST.handshake,
        ALPNProtocols: ['http/1.1'],
      })
    : createServer(LIMITS);
  server.maxHeadersCount = MOST.headers;
  server.maxRequestsPerSocket = MOST.requestsOfOne;
  server.timeout = LONGEST.idle;
  const sockets = new Set<Socket>();
  server.prependListener('connection', doorkeeper(options, sockets));
  // Whatever a client expects or wants to upgrade to, it gets the answer to its request.
  server.on('request', respond).on('checkContinue', respond).on('checkExpectation', respond);
  server.on('connect', (_, socket) => socket.destroy());
  server.on('clientError', refuse);
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      // What goes wrong from here on is one connection's.
      server.on('error', () => undefined);
      const close = (): Promise<void> => {
        const closed = new Promise<void>((done) => server.close(() => done()));
        // Those too that have not said a word: the server itself counts requests alone.
        for (const socket of sockets) socket.destroy();
        return closed;
      };
      resolve({ port: (server.address() as AddressInfo).port, close });
    });
  });
}

/** Nobody who is not admitted, nobody too often, and nobody for ever; where all places are taken, the one goes who waits longest. */
function doorkeeper({ admits, onConnection }: WebOptions, sockets: Set<Socket>): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const from = socket.remoteAddress ?? '';
    const others = open.get(from) ?? 0;
    socket.on('error', () => socket.destroy());
    if (others >= MOST.connectionsOfOne || !admits(from)) return void socket.destroy();
    if (sockets.size >= MOST.connections) makeRoom(sockets);
    open.set(from, others + 1);
    sockets.add(socket);
    onConnection?.(from);
    const end = setTimeout(() => socket.destroy(), LONGEST.connection);
    socket.once('close', () => {
      clearTimeout(end);
      sockets.delete(socket);
      const left = (open.get(from) ?? 1) - 1;
      if (left > 0) open.set(from, left);
      else open.delete(from);
    });
  };
}

/** Sets are in order of time: the first that has not said a word, or else the first. */
function makeRoom(sockets: Set<Socket>): void {
  const all = [...sockets];
  const leaving = all.find(({ bytesRead }) => bytesRead === 0) ?? all[0];
  if (!leaving) return;
  sockets.delete(leaving);
  leaving.destroy();
}

function answer(request: IncomingMessage, response: ServerResponse, options: WebOptions): void {
  const { headers, method = '', url = '', socket } = request;
  // Nothing here takes a body; one that is sent all the same is not waited for.
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
  if (hasBody) return void response.writeHead(413, { connection: 'close' }).end(() => socket.destroy());
  const { status, headers: given, body } = answerTo();
  response.writeHead(status, { ...given, 'content-length': body.length });
  response.end(method === 'HEAD' ? undefined : body);

  function answerTo(): WebAnswer {
    return options.answer({
      method,
      target: url,
      host: headers.host,
      origin: headers.origin,
      userAgent: headers['user-agent'] ?? '',
      address: socket.remoteAddress ?? '',
    });
  }
}

const STATUS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** What is no HTTP. */
function refuse(error: NodeJS.ErrnoException, socket: NodeJS.WritableStream & { destroy(): unknown }): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = STATUS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
}
