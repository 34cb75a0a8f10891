import { get } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { requireLeave } from '../testing/programs.ts';
import { nodeWeb } from './node-web.ts';

requireLeave(process.platform === 'linux' ? undefined : 'many loopback addresses, as Linux has them');

it('whoever holds all connections and says nothing makes room for a visitor', async () => {
  const body = Buffer.from('here');
  const server = await nodeWeb.listen({
    address: '127.0.0.1',
    port: 0,
    admits: () => true,
    answer: () => ({ status: 200, headers: {}, body }),
  });
  const { port } = server;
  const silent = Array.from({ length: 7 * 24 }, (_, n) =>
    connect({ host: '127.0.0.1', port, localAddress: `127.0.1.${1 + (n % 7)}` }),
  );
  onTestFinished(async () => {
    for (const socket of silent) socket.destroy();
    await server.close();
  });
  await Promise.all(
    silent.map((socket) => new Promise<void>((resolve) => socket.once('connect', resolve).on('error', () => {}))),
  );
  const status = await new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, localAddress: '127.0.2.1', agent: false };
    get(options, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  });
  expect(status).toBe(200);
});
