import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { TIMEOUT, handshake, type Answer, type Asked, type Reached } from './client.ts';
import { encodeFrame, onFrames, type Frame } from './frames.ts';

/** A session after a handshake for this name; rejects where the server does not choose HTTP/2. */
async function sessionFor(at: Reached, sni: string | undefined): Promise<ClientHttp2Session> {
  const socket = await handshake(at, sni, { ALPNProtocols: ['h2'] });
  if (socket.alpnProtocol !== 'h2') throw new Error(`ALPN: ${socket.alpnProtocol}`);
  const session = connect(`https://${sni ?? at.address}`, { createConnection: () => socket });
  // What ends it ends its stream, which tells.
  session.on('error', () => undefined);
  return session;
}

/** One request by HTTP/2 on a connection of its own; `host` is its `:authority`. */
export async function askHttp2(
  at: Reached,
  { host, path = '/', method = 'GET', headers = {}, body, chunked, ...more }: Asked,
): Promise<Answer> {
  const session = await sessionFor(at, 'sni' in more ? more.sni : host);
  try {
    const length = body && !chunked ? { 'content-length': String(body.length) } : {};
    const stream = session.request(
      { ...headers, ...length, ':path': path, ':method': method, ':authority': host },
      { endStream: body === undefined },
    );
    if (body) stream.end(body);
    return await answerOf(stream);
  } finally {
    session.destroy();
  }
}

/** A refusal may come before the whole body was taken: then the stream is reset after the answer's head. */
function answerOf(stream: ClientHttp2Stream): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let head: Omit<Answer, 'body'> | undefined;
    let body = '';
    stream.setTimeout(TIMEOUT, () => stream.destroy(new Error('no answer')));
    stream.on('response', ({ ':status': status = 0, ...headers }) => void (head = { status, headers }));
    stream.on('data', (chunk: Buffer) => void (body += chunk.toString('utf8')));
    stream.on('error', (error) => (head ? resolve({ ...head, body }) : reject(error)));
    stream.on('close', () => (head ? resolve({ ...head, body }) : reject(new Error('closed'))));
  });
}

/** RFC 8441: a WebSocket as a stream of HTTP/2, as browsers open it where a server offers that; undefined: it does not. */
export async function echoByHttp2(
  at: Reached,
  host: string,
  path: string,
  frames: readonly Frame[],
): Promise<Frame[] | undefined> {
  const session = await sessionFor(at, host);
  try {
    await once(session, 'remoteSettings');
    if (!session.remoteSettings.enableConnectProtocol) return undefined;
    const stream = session.request(
      {
        ':method': 'CONNECT',
        ':protocol': 'websocket',
        ':scheme': 'https',
        ':path': path,
        ':authority': `${host}:${at.port}`,
        'sec-websocket-version': '13',
      },
      { endStream: false },
    );
    const [{ ':status': status }] = (await once(stream, 'response')) as [{ ':status'?: number }];
    if (status !== 200) throw new Error(`status ${status}`);
    const back: Frame[] = [];
    await new Promise<void>((resolve, reject) => {
      onFrames(stream, Buffer.alloc(0), (frame) => {
        back.push(frame);
        if (back.length === frames.length) resolve();
      });
      stream.setTimeout(TIMEOUT, () => reject(new Error('no echo')));
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('closed')));
      for (const frame of frames) stream.write(encodeFrame(frame, true));
    });
    return back;
  } finally {
    session.destroy();
  }
}
