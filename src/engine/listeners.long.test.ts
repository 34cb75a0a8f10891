import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { ask } from '../testing/reverse-proxy/client.ts';
import { HOST } from '../testing/reverse-proxy/check.ts';
import { freePort, RUN_SERVERS } from '../testing/reverse-proxy/servers.ts';
import { runSite } from '../testing/reverse-proxy/site.ts';

/* A port that is declared for the loopback alone is open nowhere else. */

const isOpen = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

describe.each(RUN_SERVERS)('%s', (server, program) => {
  requireProgram(program);

  it('listens where it is declared, and says the port that was asked', async () => {
    const [second, third] = [await freePort(), await freePort()];
    const { at } = await runSite(server, {}, { alsoListen: [`127.0.0.1:${second}`, `[::1]:${third}`] });
    const open = [at.port, second, third].map(async (port) => [
      await isOpen('127.0.0.1', port),
      await isOpen('::1', port),
    ]);
    expect(await Promise.all(open)).toEqual([
      [true, true],
      [true, false],
      [false, true],
    ]);
    for (const [address, port] of [
      ['::1', at.port],
      ['127.0.0.1', second],
      ['::1', third],
    ] as const) {
      const { status, body } = await ask({ ...at, address, port }, { host: HOST });
      expect(status).toBe(200);
      const { rawHeaders } = JSON.parse(body) as { rawHeaders: string[] };
      const told = rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === 'x-forwarded-port') + 1];
      expect(told).toBe(String(server === 'lighttpd' ? at.port : port));
    }
  });
});
