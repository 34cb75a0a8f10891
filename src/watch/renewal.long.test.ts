import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { watchedConfig, watching } from '../testing/watching.ts';

/** One handshake: the serial number of what is presented, or why it is refused. */
function handshake(port: number, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'a.test', ca }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', (error) => resolve(`refused: ${error.message}`));
  });
}

it('a certificate of 45 seconds is renewed in time, and a live server never shows one that is over or that does not fit', async () => {
  const { ca } = watchedConfig();
  const host = { name: 'a.test', key: 'ecdsa-p256', validity: '45s', renewBefore: '20s' };
  const { project, events } = await watching({ ca: { ...ca, validity: '1d' }, hosts: [host] });
  const pair = () => ({ key: project.read('certs/a.test.key'), cert: project.read('certs/a.test.fullchain.pem') });
  const server = createServer(pair(), (_, response) => response.end());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const root = project.read('certs/root.crt');
  const seen = new Set<string>();
  let swapped = events.length;
  for (const began = Date.now(); Date.now() - began < 65_000; await sleep(50)) {
    if (events.slice(swapped).some(({ type }) => type === 'applied')) server.setSecureContext(pair());
    swapped = events.length;
    seen.add(await handshake(port, root));
  }
  expect([...seen].filter((text) => text.startsWith('refused'))).toEqual([]);
  expect(seen.size).toBeGreaterThanOrEqual(3);
  expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
});
