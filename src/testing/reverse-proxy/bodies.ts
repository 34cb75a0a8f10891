import { expectThat, HOST, seen, type Check } from './check.ts';
import { askHttp2 } from './client-http2.ts';
import { ask } from './client.ts';

/** What is asked of bodies: how long they may be, and whether they have to say so. */
export const BODY_CHECKS: readonly Check[] = [
  {
    what: 'a body of the declared size passes, a byte more is refused',
    async run(at, { maxBody }) {
      const most = await ask(at, { host: HOST, path: '/upload', method: 'POST', body: Buffer.alloc(maxBody) });
      expectThat(seen(most).bytes === maxBody, `only ${seen(most).bytes} bytes arrived`);
      const headers = { Expect: '100-continue' };
      const more = await ask(at, {
        host: HOST,
        path: '/upload',
        method: 'POST',
        headers,
        body: Buffer.alloc(maxBody + 1),
      }).catch(() => undefined);
      expectThat(more === undefined || more.status >= 400, 'a byte over the limit was accepted');
      expectThat(more === undefined || more.status === 413, `refused with ${more?.status}`);
      const over = { host: HOST, path: '/upload', method: 'POST', body: Buffer.alloc(maxBody + 1) };
      const got = await askHttp2(at, over).catch(() => undefined);
      expectThat(got === undefined || got.status === 413, `by HTTP/2: ${got?.status}`);
    },
  },
  {
    what: 'a body without a length passes',
    async run(at) {
      const upload = { host: HOST, path: '/upload', method: 'POST', body: Buffer.alloc(100_000), chunked: true };
      expectThat(seen(await ask(at, upload)).bytes === 100_000, 'it was cut');
    },
  },
  {
    what: 'a body without a length passes by HTTP/2, too',
    async run(at) {
      const upload = { host: HOST, path: '/upload', method: 'POST', body: Buffer.alloc(100_000), chunked: true };
      expectThat(seen(await askHttp2(at, upload)).bytes === 100_000, 'it was cut');
    },
  },
  {
    what: 'a body that is too long is refused of whoever pretends to begin a WebSocket',
    async run(at, { maxBody }) {
      const headers = { Upgrade: 'websocket', Connection: 'Upgrade', Expect: '100-continue' };
      const body = Buffer.alloc(maxBody + 1024);
      const got = await ask(at, { host: HOST, path: '/upload', method: 'POST', headers, body }).catch(() => undefined);
      expectThat(got === undefined || got.status >= 400, 'it was accepted');
    },
  },
  {
    what: 'a body without a length that is too long is refused',
    async run(at, { maxBody }) {
      const upload = { host: HOST, path: '/upload', method: 'POST', body: Buffer.alloc(maxBody + 1024), chunked: true };
      for (const one of [ask, askHttp2]) {
        const got = await one(at, upload).catch(() => undefined);
        expectThat(got === undefined || got.status >= 400, 'it was accepted');
      }
    },
  },
];
