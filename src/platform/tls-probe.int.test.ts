import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { DAY } from '../kernel/duration.ts';
import { ProbeFault } from '../kernel/ports.ts';
import { issueLeaf, issueRoot } from '../pki/certificate-write.ts';
import { encodeKey, generateKey, type KeyPair } from '../pki/keys.ts';
import { encodePem } from '../pki/pem.ts';
import { nodeTlsProbe } from './tls-probe.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

let root: Buffer;
let otherRoot: Buffer;
let leaf: Buffer;
let key: KeyPair;

beforeAll(async () => {
  const now = Date.now();
  const time = { notBefore: now - DAY, notAfter: now + DAY };
  const issue = async (name: string): Promise<{ certificate: Buffer; key: KeyPair }> => {
    const pair = await generateKey('ecdsa-p256');
    return {
      key: pair,
      certificate: await issueRoot({ key: pair, commonName: name, subject: {}, constraints: undefined, ...time }),
    };
  };
  const issuer = await issue('Probe Root');
  root = issuer.certificate;
  otherRoot = (await issue('Other Root')).certificate;
  key = await generateKey('ecdsa-p256');
  leaf = await issueLeaf({
    commonName: 'probe.test',
    subject: {},
    names: [{ type: 'dns', value: 'probe.test' }],
    usage: ['server'],
    spki: key.spki,
    keyKind: key.kind,
    issuer,
    ...time,
  });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** `asked` is told of every server name that a client sends. */
async function serveTls(chain: readonly Buffer[], asked: (name: string) => void = () => {}): Promise<number> {
  const cert = chain.map((der) => encodePem('CERTIFICATE', der)).join('');
  const server = createTlsServer({
    key: (await encodeKey(key)).reveal(),
    cert,
    SNICallback: (name, done) => {
      asked(name);
      done(null);
    },
  });
  server.on('secureConnection', (socket) => socket.on('error', () => {}).end()).on('tlsClientError', () => {});
  return listen(server);
}

const probe = (port: number, anchors: readonly Buffer[] | undefined, host = '127.0.0.1') =>
  nodeTlsProbe.probe({ host, port, anchors, timeout: 2000 });

const fault = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'connected',
    (error: unknown) => (error instanceof ProbeFault ? `${error.stage} ${error.code}` : error),
  );

test('shows what the server sends, and that it verifies under the anchor, whatever its name', async () => {
  const presented = await probe(await serveTls([leaf]), [root]);
  expect(presented).toMatchObject({ address: '127.0.0.1', protocol: 'TLSv1.3', fault: undefined });
  expect(presented.cipher).toMatch(/^TLS_AES_/);
  expect(presented.chain).toEqual([leaf]);
});

test('leaves a root at the end out, whether it was sent or added by Node', async () => {
  expect((await probe(await serveTls([leaf, root]), [root])).chain).toEqual([leaf]);
});

test.each([
  ['another root', () => [otherRoot], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['the public ones', () => undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
])('says why it does not verify under %s', async (_, anchors, expected) => {
  const presented = await probe(await serveTls([leaf]), anchors());
  expect(presented.fault).toBe(expected);
  expect(presented.chain).toEqual([leaf]);
});

test('asks for the host by name, and for an address by none', async () => {
  const names: string[] = [];
  const port = await serveTls([leaf], (name) => names.push(name));
  await probe(port, [root], 'localhost');
  await probe(port, [root]);
  expect(names).toEqual(['localhost']);
});

test('nobody listens', async () => {
  const port = await listen(createServer());
  servers.pop()?.close();
  expect(await fault(probe(port, undefined))).toBe('connection ECONNREFUSED');
});

test('a server without TLS', async () => {
  const port = await listen(
    createServer((socket) => void socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  );
  expect(await fault(probe(port, undefined))).toMatch(/^handshake ERR_SSL_/);
});

test('a server that says nothing is left after the timeout, or when the signal says so', async () => {
  const port = await listen(createServer((socket) => void socket.on('error', () => {})));
  const silent = { host: '127.0.0.1', port, anchors: undefined };
  expect(await fault(nodeTlsProbe.probe({ ...silent, timeout: 50 }))).toBe('handshake ETIMEDOUT');
  expect(await fault(nodeTlsProbe.probe({ ...silent, timeout: 5000, signal: AbortSignal.timeout(50) }))).toBe(
    'handshake ABORT_ERR',
  );
  expect(await fault(nodeTlsProbe.probe({ ...silent, timeout: 5000, signal: AbortSignal.abort() }))).toMatch(
    /ABORT_ERR$/,
  );
});
