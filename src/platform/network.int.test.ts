import { createSocket } from 'node:dgram';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProbeFault, type Network } from '../kernel/ports.ts';
import { applied, pairOf, rightly, serveAnswers } from '../testing/doctor.ts';
import { askMulticast } from './multicast-dns.ts';
import { nodeNetwork } from './network.ts';

const LIMITS = { timeout: 10_000, signal: undefined };

type Asked = Partial<Parameters<Network['get']>[0]> & { readonly port: number };

const get = (asked: Asked, limits: Parameters<Network['get']>[1] = LIMITS) =>
  nodeNetwork.get({ host: 'localhost', address: '127.0.0.1', secure: false, path: '/', ...asked }, limits);

/** How far a look came. */
const fault = (asked: Asked, limits?: Parameters<Network['get']>[1]): Promise<string> =>
  get(asked, limits).then(
    ({ status }) => `${status}`,
    (error: unknown) => (error instanceof ProbeFault ? `${error.stage} ${error.code}` : String(error)),
  );

/** A server that does this with every connection. */
async function raw(act: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    act(socket);
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a GET', () => {
  it('gives status and headers, by HTTP and by TLS whatever the certificate', async () => {
    const headers = { 'x-a': 'b', location: '/' };
    expect(await get({ port: await serveAnswers({ status: 301, headers }) })).toMatchObject({
      status: 301,
      headers,
      isUpgraded: false,
    });
    const port = await serveAnswers({}, pairOf(await applied()));
    expect(await get({ port, secure: true, host: 'nobody.test' })).toMatchObject({ status: 200 });
  });

  it('opens a WebSocket, and knows one that is none', async () => {
    const upgrade = true;
    expect(await get({ upgrade, port: await serveAnswers({ accept: rightly }) })).toMatchObject({ isUpgraded: true });
    const wrong = await serveAnswers({ accept: () => 'nonsense' });
    expect(await get({ upgrade, port: wrong })).toMatchObject({ status: 101, isUpgraded: false });
    expect(await get({ upgrade, port: await serveAnswers() })).toMatchObject({ status: 200, isUpgraded: false });
  });

  it('says how far it came', async () => {
    expect(await fault({ port: await raw((socket) => void socket.end('220 mail\r\n')) })).toMatch(/^answer HPE_/);
    expect(await fault({ port: await serveAnswers(), secure: true })).toMatch(/^handshake /);
    expect(await fault({ port: await raw((socket) => void socket.destroy()), secure: true })).toMatch(
      /^handshake ECONNRESET/,
    );
    const closed = await raw(() => undefined);
    expect(await fault({ port: closed, address: '127.0.0.2' })).toBe('connection ECONNREFUSED');
  });

  it('waits and reads no longer than it is told, whatever comes', async () => {
    const short = { timeout: 300, signal: undefined };
    expect(await fault({ port: await raw(() => undefined) }, short)).toBe('answer ETIMEDOUT');
    expect(await fault({ port: await raw(() => undefined), secure: true }, short)).toBe('handshake ETIMEDOUT');
    const endless = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const more = (): void =>
        void (socket.writable && socket.write(`x: ${'y'.repeat(4000)}\r\n`, () => setImmediate(more)));
      more();
    });
    expect(await fault({ port: endless })).toBe('answer HPE_HEADER_OVERFLOW');
    const stopped = new AbortController();
    stopped.abort();
    expect(await fault({ port: endless }, { timeout: 10_000, signal: stopped.signal })).toBe('connection ABORT_ERR');
  });
});

it('a name has the addresses that programs here get, or none', async () => {
  expect(await nodeNetwork.addresses('localhost', LIMITS)).toContain('127.0.0.1');
  expect(await nodeNetwork.addresses('nobody.invalid', { timeout: 3000, signal: undefined })).toEqual([]);
});

describe('a question by multicast DNS', () => {
  /** A machine that has a name, at a group of its own. */
  async function machine(answer: (question: Buffer) => Buffer | undefined): Promise<{ address: string; port: number }> {
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    socket.on('message', (message, { port, address }) => {
      const bytes = answer(message);
      if (bytes) socket.send(bytes, port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return { address: '127.0.0.1', port: socket.address().port };
  }

  /** The question given back as an answer, with one address whose name points into it. */
  const answerTo = (question: Buffer): Buffer => {
    const head = Buffer.from(question);
    head.writeUInt16BE(0x8400, 2);
    head.writeUInt16BE(1, 6);
    return Buffer.concat([head, Buffer.from('c00c00010001000000780004c0a80114', 'hex')]);
  };

  it('is answered, the second time where the first was lost', async () => {
    const group = await machine(answerTo);
    expect(await askMulticast('chat.local', LIMITS, group)).toEqual(['192.168.1.20']);
    let asked = 0;
    const deaf = await machine((question) => ((asked += 1) > 1 ? answerTo(question) : undefined));
    expect(await askMulticast('chat.local', LIMITS, deaf)).toEqual(['192.168.1.20']);
  });

  it('gives nothing where nobody answers, or not to it', async () => {
    const short = { timeout: 200, signal: undefined };
    expect(await askMulticast('chat.local', short, await machine(() => undefined))).toEqual([]);
    expect(await askMulticast('chat.local', short, await machine((question) => question))).toEqual([]);
    const stopped = new AbortController();
    stopped.abort();
    expect(
      await askMulticast('chat.local', { timeout: 10_000, signal: stopped.signal }, await machine(() => undefined)),
    ).toEqual([]);
  });
});
