import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enrolling, enrolProject } from '../testing/enrolling.ts';

/** Sends bytes as they are, and gives all that comes back until the server ends it. */
function say(port: number, text: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => void socket.write(text));
    socket.setEncoding('latin1');
    socket.on('data', (more) => (heard += String(more)));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(heard));
  });
}

/** What may come back: the page and the root in full, or an error that says nothing. */
const CLEAN = /^HTTP\/1\.1 (?:400|403|404|405|408|413|417|421|431) /;

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'get',
  'G\u0000T',
  '',
];

function oddPaths(token: string): string[] {
  const climbs = ['..', '%2e%2e', '..%2f', '..%5c', '%252e%252e', '..;', '.%00.', '\\..', '%c0%ae%c0%ae'];
  const files = [
    'etc/passwd',
    'certs/root.key',
    'certs/chat.local.key',
    'rcssl.config.json',
    '.rcssl/manifest.json',
    '.git/config',
  ];
  const climbing = climbs.flatMap((climb) =>
    files.flatMap((file) => [
      `/${climb}/${climb}/${file}`,
      `/${token}/${climb}/${file}`,
      `/${token}/${climb}${climb}${file}`,
    ]),
  );
  const plain = [
    ...files,
    'favicon.ico',
    'robots.txt',
    'root.key',
    'index.html',
    'check',
    'verdict',
    '',
    '.',
    '*',
    '//',
    '?',
    '#',
  ];
  return [
    ...climbing,
    ...plain.flatMap((file) => [`/${file}`, `/${token}/${file}/`, `//${token}/${file}`, `/${token}x/${file}`]),
    `http://evil.test/${token}`,
    `//evil.test/${token}`,
    token,
    `/${token}%00`,
    `/${token}/rocket-chat-development-root.key`,
    `/${token}/rocket-chat-development-root`,
    `/${token}/rocket-chat-development-root.crt/..`,
    `/${'a'.repeat(1024 * 1024)}`,
    `/${token}?${'a'.repeat(1024 * 1024)}`,
  ];
}

const HEADERS = [
  'X-Forwarded-Host: evil.test',
  'Transfer-Encoding: chunked',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: 5\r\nTransfer-Encoding: chunked',
  'Expect: 100-continue',
  'Expect: everything',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA',
  `X-Long: ${'a'.repeat(64 * 1024)}`,
  Array.from({ length: 500 }, (_, index) => `X-${index}: 1`).join('\r\n'),
  'Range: bytes=0-9999999',
  'X-Null: \u0000',
  ' folded: yes',
  'no colon here',
];

const HOSTS = [
  'evil.test',
  '',
  'localhost',
  '127.0.0.1',
  '127.0.0.1:1',
  '127.0.0.1@evil.test',
  '[::1]',
  '169.254.169.254',
  'a'.repeat(5000),
];

it('a scan of a thousand odd requests gets the page, the root and clean errors', async () => {
  const project = await enrolProject();
  const { listening, events } = await enrolling(project);
  const { port, host, pathname } = new URL(listening.url);
  const token = pathname.slice(1);
  const request = (method: string, path: string, name = `Host: ${host}`, more = ''): string =>
    `${method} ${path} HTTP/1.1\r\n${name}${name === '' ? '' : '\r\n'}${more === '' ? '' : `${more}\r\n`}Connection: close\r\n\r\n`;
  const paths = oddPaths(token);
  const requests: (string | Buffer)[] = [
    ...METHODS.flatMap((method) => paths.slice(0, 60).map((path) => request(method, path))),
    ...paths.map((path) => request('GET', path)),
    ...METHODS.slice(2).map((method) => request(method, pathname)),
    ...HOSTS.map((name) => request('GET', pathname, `Host: ${name}`)),
    request('GET', pathname, ''),
    request('GET', pathname, `Host: ${host}\r\nHost: evil.test`),
    ...HEADERS.map((header) => request('GET', `${pathname}/x`, `Host: ${host}`, header)),
    `GET ${pathname} HTTP/0.9\r\n\r\n`,
    `GET ${pathname} HTTP/1.0\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    Buffer.from('160301006c0100006803030000', 'hex'),
    ...fc
      .sample(fc.uint8Array({ minLength: 1, maxLength: 200 }), { numRuns: 120, seed: 7 })
      .map((bytes) => Buffer.concat([bytes, Buffer.from('\r\n\r\n')])),
  ];
  expect(requests.length).toBeGreaterThan(1000);
  const key = project.read('certs/chat.local.key').split('\n')[1] ?? 'none';
  const answers: string[] = [];
  // As many at once as one address may have.
  for (let at = 0; at < requests.length; at += 16) {
    answers.push(...(await Promise.all(requests.slice(at, at + 16).map((one) => say(Number(port), one)))));
  }
  const odd = answers.filter((answer) => answer !== '' && !CLEAN.test(answer));
  // The page under another spelling of a query, and nothing else.
  expect(odd.filter((answer) => !answer.startsWith('HTTP/1.1 200 OK\r\n'))).toEqual([]);
  expect(
    odd.filter(
      (answer) => !answer.includes('data-guide="linux"') && !/content-length: \d+\r\n.*\r\n\r\n$/s.test(answer),
    ),
  ).toEqual([]);
  for (const answer of answers) {
    expect(answer).not.toContain(key);
    expect(answer).not.toMatch(/PRIVATE KEY|root:x:|node:|at .*\.ts:/);
  }
  expect(answers.filter((answer) => CLEAN.test(answer)).length).toBeGreaterThan(900);
  // It is as it was.
  expect((await fetch(listening.url)).status).toBe(200);
  expect(events.filter(({ type }) => type === 'refused')).toHaveLength(1);
});

/** Resolves with the milliseconds until the server hangs up. */
function hungUp(socket: Socket): Promise<number> {
  const began = performance.now();
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(performance.now() - began));
    socket.resume();
  });
}

it('slow clients are cut, whether they drip, wait or fall silent, and others are served meanwhile', async () => {
  const project = await enrolProject();
  const { listening } = await enrolling(project);
  const { port, host, pathname } = new URL(listening.url);
  const tls = new URL(listening.check.state === 'ready' ? listening.check.url : '').port;
  const dripping = connect(Number(port), '127.0.0.1');
  const drip = setInterval(() => dripping.write('X-A: b\r\n'), 500);
  dripping.write(`GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\n`);
  const silent = [port, tls].map((one) => connect(Number(one), '127.0.0.1'));
  const body = connect(Number(port), '127.0.0.1');
  body.write(`POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000000\r\n\r\nabc`);
  const ends = Promise.all([dripping, ...silent, body].map(hungUp));
  expect((await fetch(listening.url)).status).toBe(200);
  const took = await ends;
  clearInterval(drip);
  for (const time of took) expect(time).toBeLessThan(20_000);
});

it('one address has a few connections, and giving them back lets the next ones in', async () => {
  const project = await enrolProject();
  const { listening } = await enrolling(project);
  const port = Number(new URL(listening.url).port);
  const sockets = Array.from({ length: 60 }, () => connect(port, '127.0.0.1'));
  const ends = sockets.map(hungUp);
  let cut = 0;
  for (const end of ends) void end.then(() => (cut += 1));
  await expect.poll(() => cut, { timeout: 20_000 }).toBeGreaterThanOrEqual(36);
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(
      () =>
        fetch(listening.url).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .toBe(200);
});

it('leaves at once, whoever is connected', async () => {
  const project = await enrolProject();
  const { listening, stop } = await enrolling(project);
  const tls = new URL(listening.check.state === 'ready' ? listening.check.url : '').port;
  const ends = [new URL(listening.url).port, tls].map((port) => hungUp(connect(Number(port), '127.0.0.1')));
  expect((await fetch(listening.url)).status).toBe(200);
  const began = performance.now();
  await stop();
  await Promise.all(ends);
  expect(performance.now() - began).toBeLessThan(4000);
});
