import { X509Certificate } from 'node:crypto';
import { BODY_CHECKS } from './bodies.ts';
import { expectThat, headersOf, HOST, seen, type Check, type Seen } from './check.ts';
import { askHttp2, echoByHttp2 } from './client-http2.ts';
import { ask, askPlain, handshake, openWebSocket, type Reached } from './client.ts';

const OTHER = 'chat.test';

const authority = ({ port }: Reached): string => `${HOST}:${port}`;

const SPOOFED = {
  'X-Forwarded-For': '6.6.6.6',
  'X-Forwarded-Proto': 'http',
  'X-Forwarded-Host': 'evil.test',
  'X-Forwarded-Port': '1',
  'X-Real-IP': '6.6.6.6',
  Forwarded: 'for=6.6.6.6',
  X_Forwarded_For: '6.6.6.6',
  'X-Forwarded-Server': '6.6.6.6',
  Connection: 'X-Forwarded-Proto, X-Forwarded-For',
};

/** What the app is told of a client that told lies. */
function forwarded(at: Reached, got: Seen): void {
  const one = (name: string): string => {
    const values = headersOf(got, name);
    expectThat(values.length === 1, `${name} ${values.length} times`);
    return values[0] ?? '';
  };
  const host = authority(at);
  expectThat(one('Host') === host, `Host became ${one('Host')}`);
  expectThat(/^(?:::ffff:)?127\.0\.0\.1$/.test(one('X-Forwarded-For')), `X-Forwarded-For: ${one('X-Forwarded-For')}`);
  expectThat(one('X-Forwarded-Proto') === 'https', `X-Forwarded-Proto: ${one('X-Forwarded-Proto')}`);
  expectThat(one('X-Forwarded-Host') === host, `X-Forwarded-Host: ${one('X-Forwarded-Host')}`);
  expectThat(one('X-Forwarded-Port') === String(at.port), `X-Forwarded-Port: ${one('X-Forwarded-Port')}`);
  expectThat(!got.rawHeaders.join('\n').includes('6.6.6.6'), 'a spoofed address came through');
}

async function refused(what: Promise<unknown>): Promise<boolean> {
  return what.then(
    () => false,
    () => true,
  );
}

export const CHECKS: readonly Check[] = [
  {
    what: 'GET and POST reach the app, path and query as they were written',
    async run(at) {
      const path = '/a%2Fb/c%20d?q=%2F&e=ä'.replace('ä', '%C3%A4');
      expectThat(seen(await ask(at, { host: HOST, path })).url === path, 'the path was rewritten');
      const posted = seen(await ask(at, { host: HOST, method: 'POST', body: Buffer.alloc(1000) }));
      expectThat(posted.method === 'POST' && posted.bytes === 1000, 'the body was lost');
    },
  },
  {
    what: 'each host has its own certificate, under the generated root',
    async run(at) {
      for (const host of [HOST, OTHER]) {
        const socket = await handshake(at, host);
        const certificate = new X509Certificate(socket.getPeerCertificate().raw);
        socket.destroy();
        expectThat(certificate.checkHost(host) === host, `${host} got the certificate of another`);
      }
      seen(await ask(at, { host: OTHER }));
    },
  },
  {
    what: 'TLS 1.2 and 1.3, nothing older',
    async run(at) {
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const socket = await handshake(at, HOST, { minVersion: version, maxVersion: version });
        socket.destroy();
      }
      const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
      expectThat(await refused(handshake(at, HOST, old)), 'TLS 1.1 was accepted');
    },
  },
  {
    what: 'HTTP/2 by ALPN',
    async run(at) {
      const path = '/a%2Fb/c%20d?q=%2F';
      expectThat(seen(await askHttp2(at, { host: HOST, path })).url === path, 'the path was rewritten');
      const posted = seen(await askHttp2(at, { host: HOST, method: 'POST', body: Buffer.alloc(1000) }));
      expectThat(posted.method === 'POST' && posted.bytes === 1000, 'the body was lost');
    },
  },
  {
    what: 'Host kept, X-Forwarded-* set and not spoofable',
    async run(at) {
      forwarded(at, seen(await ask(at, { host: HOST, headers: { ...SPOOFED, Host: authority(at) } })));
      const { Connection: _, ...spoofed } = SPOOFED;
      forwarded(at, seen(await askHttp2(at, { host: authority(at), sni: HOST, headers: spoofed })));
      // RFC 9112, 3.2.2: the line that names a host in full is the one that counts; in HTTP/2 it is `:authority`.
      const full = await ask(at, { host: HOST, path: `https://${HOST}/`, headers: { Host: 'evil.test' } });
      const both = await askHttp2(at, { host: HOST, headers: { Host: 'evil.test' } }).catch(() => undefined);
      for (const got of [full, both]) {
        const isKept = got === undefined || got.status >= 400 || !got.body.includes('evil.test');
        expectThat(isKept, 'a host beside the one of the line came through');
      }
    },
  },
  {
    what: 'WebSocket at any path, text and binary frames of 1 MB',
    async run(at) {
      const open = await openWebSocket(at, HOST, '/any/path?x=1');
      const text = await open.echo({ kind: 1, payload: Buffer.from('grüße') });
      expectThat(text.payload.toString() === 'grüße', 'the text changed');
      const payload = Buffer.alloc(1024 * 1024, 7);
      expectThat((await open.echo({ kind: 2, payload })).payload.equals(payload), 'the bytes changed');
      open.close();
    },
  },
  {
    what: 'WebSocket by HTTP/2, where the server offers it',
    async run(at) {
      const sent = [
        { kind: 1, payload: Buffer.from('grüße') },
        { kind: 2, payload: Buffer.alloc(1024 * 1024, 7) },
      ];
      const back = (await echoByHttp2(at, HOST, '/any/path?x=1', sent)) ?? sent;
      expectThat(
        sent.every(({ payload }, n) => back[n]?.payload.equals(payload)),
        'they changed',
      );
    },
  },
  {
    what: 'many open WebSockets',
    async run(at, { sockets }) {
      const all = await Promise.all(Array.from({ length: sockets }, () => openWebSocket(at, HOST)));
      const echoes = await Promise.all(all.map((open) => open.echo({ kind: 1, payload: Buffer.from('x') })));
      for (const open of all) open.close();
      expectThat(echoes.length === sockets, 'some were lost');
    },
  },
  {
    what: 'server-sent events arrive one by one',
    async run(at) {
      const socket = await handshake(at, HOST);
      socket.write(`GET /events HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`);
      const times = await new Promise<number[]>((resolve) => {
        const found: number[] = [];
        socket.on('data', (chunk: Buffer) => {
          if (chunk.includes('data: ')) found.push(performance.now());
        });
        socket.on('close', () => resolve(found));
      });
      expectThat(times.length >= 4 && (times.at(-1) ?? 0) - (times[0] ?? 0) > 300, 'they came together');
    },
  },
  ...BODY_CHECKS,
  {
    what: 'plain HTTP is redirected with 308, path and query kept',
    async run(at) {
      const { status, headers } = await askPlain(at, `${HOST}:${at.plainPort}`, '/a%2Fb/c?x=%20&y=1');
      expectThat(status === 308, `status ${status}`);
      expectThat(headers.location === `https://${HOST}:${at.port}/a%2Fb/c?x=%20&y=1`, `to ${headers.location}`);
    },
  },
  {
    what: 'plain HTTP for an unknown name is refused',
    async run(at) {
      const { status, headers } = await askPlain(at, 'unknown.test', '/');
      expectThat(status >= 400 && headers.location === undefined, `status ${status}`);
    },
  },
  {
    what: 'the handshake for an unknown name is refused',
    async run(at) {
      expectThat(await refused(handshake(at, 'unknown.test')), 'another certificate was shown');
      expectThat(await refused(handshake(at, undefined)), 'a certificate was shown without a name');
    },
  },
  {
    what: 'a request for an unknown name is refused, whatever the handshake named',
    async run(at) {
      for (const sni of [HOST, 'unknown.test', undefined]) {
        for (const one of [ask, askHttp2]) {
          const got = await one(at, { host: 'unknown.test', sni }).catch(() => undefined);
          expectThat(got === undefined || got.status >= 400, `status ${got?.status} after a handshake for ${sni}`);
        }
      }
    },
  },
  {
    what: 'IPv6',
    async run(at) {
      seen(await ask({ ...at, address: '::1' }, { host: HOST }));
    },
  },
];

/** With mutual TLS: who has no certificate gets no answer of the app. */
export async function mutualTls(
  at: Reached,
  client: NonNullable<Reached['client']>,
  { foreign, optional }: { readonly foreign: Reached['client']; readonly optional: boolean },
): Promise<void> {
  const without = await ask(at, { host: HOST }).catch(() => undefined);
  const isIn = without !== undefined && without.status < 400;
  expectThat(isIn === optional, `a client without a certificate ${isIn ? 'got in' : 'is kept out'}`);
  const other = foreign && (await ask({ ...at, client: foreign }, { host: HOST }).catch(() => undefined));
  expectThat(other === undefined || other.status >= 400, "a client of another root's got in");
  seen(await ask({ ...at, client }, { host: HOST }));
  const open = await openWebSocket({ ...at, client }, HOST);
  await open.echo({ kind: 1, payload: Buffer.from('x') });
  open.close();
}
