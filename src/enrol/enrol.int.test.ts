import { execFileSync } from 'node:child_process';
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import type { Network } from '../kernel/web.ts';
import { nodeWeb } from '../platform/node-web.ts';
import { fakeTime } from '../testing/fake-time.ts';
import { ENROL_CONFIG, enrolling, enrolProject } from '../testing/enrolling.ts';
import { requireProgram } from '../testing/programs.ts';
import { enrol, type EnrolOptions } from './enrol.ts';

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1';
const asIphone = { headers: { 'user-agent': IPHONE } };

/** Status and headers of an HTTPS request by Node, which trusts `ca` alone. */
function https(url: string, ca: string, headers: Record<string, string> = {}) {
  return new Promise<{ readonly status: number | undefined; readonly headers: object; readonly body: string }>(
    (resolve, reject) => {
      const asked = request(url, { ca, headers, agent: false, checkServerIdentity: () => undefined }, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (text: string) => (body += text));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
      });
      asked.on('error', reject).end();
    },
  );
}

function linksIn(html: string): string[] {
  return [...html.matchAll(/href="(\/[^"]+)"/g)].map(([, path = '']) => path);
}

it('serves the page and three files, and tells who came and what was taken', async () => {
  const project = await enrolProject();
  const { listening, events, stop } = await enrolling(project);
  expect(listening).toMatchObject({
    isLocal: true,
    networks: ['127.0.0.0/8'],
    check: { state: 'ready', host: 'chat.local' },
  });
  expect(listening.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[a-z2-9]{8}$/);
  const page = await fetch(listening.url, asIphone);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const links = linksIn(await page.text());
  expect([...new Set(links)].map((path) => path.split('.').pop())).toEqual(['mobileconfig', 'crt', 'pem']);
  const der = Buffer.from(project.read('certs/root.crt').replaceAll(/-----.*-----|\n/g, ''), 'base64');
  const take = async (ending: string) => {
    const path = links.find((link) => link.endsWith(ending)) ?? '';
    const answer = await fetch(new URL(path, listening.url), asIphone);
    return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };
  expect(await take('.crt')).toEqual({ type: 'application/x-x509-ca-cert', bytes: der });
  expect(await take('.pem')).toEqual({
    type: 'application/x-pem-file',
    bytes: Buffer.from(project.read('certs/root.crt')),
  });
  expect((await take('.mobileconfig')).type).toBe('application/x-apple-aspen-config');
  // A QR code has the address in capitals.
  expect((await fetch(listening.url.toUpperCase(), { ...asIphone, method: 'HEAD' })).status).toBe(200);
  await fetch(listening.url, asIphone);
  await stop();
  const visitor = { address: '127.0.0.1', system: 'ios', browser: 'safari' };
  expect(events).toMatchObject([
    { type: 'visit', visitor },
    { type: 'download', file: 'crt', visitor },
    { type: 'download', file: 'pem' },
    { type: 'download', file: 'mobileconfig' },
    { type: 'stopped', why: 'signal', visitors: 1, trusting: 0 },
  ]);
  await expect(fetch(listening.url)).rejects.toThrow();
});

it('the check passes for whom the root is trusted by, and tells why it failed for others', async () => {
  const project = await enrolProject();
  const { listening, events } = await enrolling(project);
  const { url } = listening.check as { readonly url: string };
  const root = project.read('certs/root.crt');
  const origin = new URL(listening.url).origin;
  const verdict = new URL(`${new URL(listening.url).pathname}/verdict`, listening.url);
  const ask = async (): Promise<unknown> => (await fetch(verdict, asIphone)).json();
  expect(await ask()).toEqual({ reached: false });
  await expect(https(url, '')).rejects.toThrow(/verify|self-signed|local issuer/);
  await expect.poll(ask).toEqual({ reached: true });
  expect(await ask()).toEqual({ reached: false });
  const headers = { 'user-agent': IPHONE };
  const passed = await https(url, root, { ...headers, origin });
  expect(passed).toMatchObject({ status: 200, body: '{"trusted":true}' });
  expect(passed.headers).toMatchObject({ 'access-control-allow-origin': origin });
  expect(await https(url, root, headers)).toMatchObject({
    status: 200,
    body: expect.stringContaining('<!doctype html>'),
  });
  expect(await https(url, root, { ...headers, origin: 'http://evil.test' })).toMatchObject({ status: 403 });
  expect(await https(url.replace('/check', ''), root, headers)).toMatchObject({ status: 404 });
  expect(await https(url, root, { ...headers, host: 'evil.test' })).toMatchObject({ status: 421 });
  expect(events.findLast(({ type }) => type === 'check')).toMatchObject({ passed: true, reached: true });
  expect(events.at(-1)).toEqual({ at: expect.any(Number), type: 'refused', address: '127.0.0.1', why: 'host' });
});

describe('the profile', () => {
  requireProgram('python3');

  it('is a plist with exactly the root', async () => {
    const { ca } = ENROL_CONFIG;
    const project = await enrolProject({ ...ENROL_CONFIG, ca: { ...ca, name: 'R&D <"Root"> für alle' } });
    const { listening } = await enrolling(project);
    const path = linksIn(await (await fetch(listening.url, asIphone)).text()).find((link) =>
      link.endsWith('.mobileconfig'),
    );
    const profile = await (await fetch(new URL(path ?? '', listening.url))).text();
    const script = `import plistlib,sys,json
print(json.dumps(plistlib.loads(sys.stdin.buffer.read()), default=lambda b: b.hex()))`;
    const plist = JSON.parse(execFileSync('python3', ['-c', script], { input: profile, encoding: 'utf8' })) as Record<
      string,
      unknown
    >;
    const der = Buffer.from(project.read('certs/root.crt').replaceAll(/-----.*-----|\n/g, ''), 'base64');
    const uuid = expect.stringMatching(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    expect(plist).toEqual({
      PayloadType: 'Configuration',
      PayloadVersion: 1,
      PayloadIdentifier: expect.stringMatching(/^rcssl\.root\.[0-9a-f]{24}$/),
      PayloadUUID: uuid,
      PayloadDisplayName: 'R&D <"Root"> für alle',
      PayloadDescription: expect.stringContaining('one root certificate'),
      PayloadContent: [
        {
          PayloadType: 'com.apple.security.root',
          PayloadVersion: 1,
          PayloadIdentifier: expect.stringMatching(/^rcssl\.root\.[0-9a-f]{24}\.certificate$/),
          PayloadUUID: uuid,
          PayloadDisplayName: 'R&D <"Root"> für alle',
          PayloadCertificateFileName: 'root.crt',
          PayloadContent: der.toString('hex'),
        },
      ],
    });
  });
});

it('writes nothing, and holds no key in what it serves or tells', async () => {
  const project = await enrolProject();
  const before = project.snapshot();
  const { listening, events, stop } = await enrolling(project);
  await fetch(listening.url);
  await stop();
  expect(project.snapshot()).toEqual(before);
  const told = JSON.stringify([listening, events]);
  const key = project.read('certs/chat.local.key').split('\n')[1] ?? 'none';
  expect(told).not.toContain(key);
});

it('says what to declare, or to make, where it cannot check', async () => {
  const bare = await enrolProject({ ...ENROL_CONFIG, hosts: ['chat.local'] });
  const { listening } = await enrolling(bare);
  expect(listening.check).toEqual({ state: 'undeclared', names: ['127.0.0.1', 'localhost'] });
  expect(await (await fetch(listening.url)).text()).toContain('altNames: [&#39;localhost&#39;, &#39;127.0.0.1&#39;]');
  const unmade = await enrolProject();
  unmade.remove('certs/chat.local.crt');
  expect((await enrolling(unmade)).listening.check).toEqual({ state: 'unmade', host: 'chat.local' });
});

it('does not hand out a root that is not there, not ours, or about to be replaced', async () => {
  const project = await enrolProject();
  const { ca } = ENROL_CONFIG;
  project.configure({ ...ENROL_CONFIG, ca: { ...ca, key: 'ecdsa-p384' } });
  await expect(enrolling(project)).rejects.toThrow('is about to get a new key');
  project.configure(ENROL_CONFIG);
  project.remove('certs/root.crt');
  project.remove('certs/root.key');
  await expect(enrolling(project)).rejects.toThrow(/there is no root|new key/);
  const empty = await enrolProject();
  empty.configure({ ...ENROL_CONFIG, ca: { ...ca, name: 'Other', output: { key: 'other/root.key' } } });
  await expect(enrolling(empty)).rejects.toThrow('there is no root Other yet');
});

const LAN: Network = { name: 'wlan0', address: '192.168.1.20', cidr: '192.168.1.20/24', kind: 'lan' };

/** An enrolment on a network that this machine need not have: it really listens on the loopback. */
async function onLan(options: Partial<EnrolOptions>, time = fakeTime(0)) {
  const project = await enrolProject();
  const asked: string[] = [];
  const web: typeof nodeWeb = {
    networks: () => [LAN],
    listen: (how) => nodeWeb.listen({ ...how, address: '127.0.0.1', port: 0 }),
  };
  const confirm: EnrolOptions['confirm'] = async ({ address, networks }) =>
    asked.push(`${address} ${networks.join()}`) > 0;
  const run = enrol({ world: project.world, web, timer: time }, { cwd: project.folder, confirm, ...options });
  return { run, asked };
}

it('asks before it serves a network that nobody named, and not where one was', async () => {
  const { run, asked } = await onLan({});
  await run.next();
  await run.return();
  expect(asked).toEqual(['192.168.1.20 192.168.1.0/24']);
  const named = await onLan({ host: '192.168.1.20' });
  await named.run.next();
  await named.run.return();
  expect(named.asked).toEqual([]);
  const declined = await onLan({ confirm: async () => false });
  await expect(declined.run.next()).rejects.toThrow('nothing was served');
});

it('cuts off whoever is in another network, and tells it once', async () => {
  const { run } = await onLan({ host: '192.168.1.20' });
  const first = await run.next();
  if (first.done || first.value.type !== 'listening') throw new Error('it does not listen');
  const { port } = new URL(first.value.url);
  expect(port).not.toBe('');
  const visit = () => fetch(`http://127.0.0.1:${port}/`).catch(() => 'cut off');
  expect(await Promise.all([visit(), visit()])).toEqual(['cut off', 'cut off']);
  expect((await run.next()).value).toMatchObject({ type: 'refused', address: '127.0.0.1', why: 'network' });
  await run.return();
});

it('ends by itself when the time is over, however long', async () => {
  const time = fakeTime(0);
  const month = 30 * 24 * 3600 * 1000;
  const { run } = await onLan({ host: '192.168.1.20', for: month }, time);
  await run.next();
  const end = run.next();
  time.pass(month - 1);
  expect(time.longest()).toBeLessThan(2 ** 31);
  time.pass(1);
  expect((await end).value).toMatchObject({ type: 'stopped', why: 'time', visitors: 0 });
  expect((await run.next()).done).toBe(true);
});

it('says which port it cannot have, and takes any where none was asked for', async () => {
  const project = await enrolProject();
  const first = await enrolling(project);
  const second = await enrolling(project);
  expect(new URL(second.listening.url).port).not.toBe(new URL(first.listening.url).port);
  const port = Number(new URL(second.listening.url).port);
  await expect(enrolling(project, { port })).rejects.toThrow(`port ${port} (EADDRINUSE)`);
  // The page is not left open where the check cannot be.
  await expect(enrolling(project, { port: port - 1 })).rejects.toThrow();
});
