import { once } from 'node:events';
import { createSecureServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { createSecureServer, secureContext } from './node.ts';
import { scratchProject, type ScratchProject } from './testing/project.ts';

const CONFIG = {
  ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'app.test', key: 'ecdsa-p256', layout: 'atomic' }],
};

async function connected(project: ScratchProject, port: number): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'app.test', ca: project.read('certs/root.crt') });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

async function serial(project: ScratchProject, port: number): Promise<string> {
  const socket = await connected(project, port);
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

it('serves a host at once, and its next certificate as soon as there is one; open connections go on', async () => {
  const project = scratchProject(CONFIG);
  const server = await createSecureServer('app.test', { cwd: project.folder }, (_, response) => response.end('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = await connected(project, port);
  const before = await serial(project, port);
  await project.apply({ force: ['app.test'] });
  await expect.poll(() => serial(project, port), { timeout: 20_000 }).not.toBe(before);
  open.write('GET / HTTP/1.1\r\nhost: app.test\r\n\r\n');
  const [said] = (await once(open, 'data')) as [Buffer];
  expect(said.toString()).toContain('hello');
  // Node 22 waits for connections that have asked for nothing yet.
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
});

it('keeps the pair of an HTTP/2 server', async () => {
  const project = scratchProject(CONFIG);
  const context = await secureContext('app.test', { cwd: project.folder });
  const server = createHttp2Server(context.pair);
  context.keep(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const before = await serial(project, port);
  await project.apply({ force: ['app.test'] });
  await expect.poll(() => serial(project, port), { timeout: 20_000 }).not.toBe(before);
  server.close();
  await context.stop();
});

it('is refused with what is wrong: no such host, a configuration that is none', async () => {
  const project = scratchProject(CONFIG);
  await expect(secureContext('other.test', { cwd: project.folder })).rejects.toMatchObject({
    diagnostics: [{ code: 'owner-unknown' }],
  });
  project.configure({ hosts: 1 });
  await expect(secureContext('app.test', { cwd: project.folder })).rejects.toMatchObject({
    diagnostics: [{ code: 'config-bad-value' }],
  });
});
