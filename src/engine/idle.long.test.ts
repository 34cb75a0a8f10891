import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requireLeave, requireProgram } from '../testing/programs.ts';
import { openWebSocket, type OpenSocket } from '../testing/reverse-proxy/client.ts';
import { HOST } from '../testing/reverse-proxy/check.ts';
import { CLOCK_FILE, freePort, type RunServer } from '../testing/reverse-proxy/servers.ts';
import { runSite } from '../testing/reverse-proxy/site.ts';
import { tracingRefused } from '../testing/strace.ts';

/*
 * That a socket may say nothing for hours, without waiting for them. nginx and lighttpd are given a clock that runs faster.
 * HAProxy and Apache bear none: the one prints how long it waits, the other is watched as it asks the kernel to. Caddy prints
 * a configuration without any such time, and takes the kernel's clock, which nobody can change for it.
 */

requireProgram('faketime', 'strace', 'nginx', 'lighttpd', 'haproxy', 'apache2', 'caddy');
requireLeave(tracingRefused());

const say = (open: OpenSocket) => open.echo({ kind: 1, payload: Buffer.from('x') });
const pass = (time: number) => new Promise((resolve) => setTimeout(resolve, time));

/** What somebody at a socket says to a text. */
function answer(place: NetConnectOpts, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(place, () => socket.write(text));
    socket.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    socket.on('end', () => resolve(said));
    socket.on('error', reject);
  });
}

/** A second of the test is twenty minutes of a server. */
const RATE = 1200;
const HOUR = 3_600_000 / RATE;

/** The servers are another user's, who may read it. */
function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rcssl-idle-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  return folder;
}

function fastClock() {
  const folder = scratchFolder();
  const file = join(folder, 'clock');
  const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
  writeFileSync(file, '+0');
  return {
    env: { LD_PRELOAD: library, [CLOCK_FILE]: file, FAKETIME_NO_CACHE: '1', FAKETIME_DISABLE_SHM: '1' },
    begin: () => writeFileSync(file, `+0 x${RATE}`),
  };
}

it('nginx and lighttpd keep a socket for ten hours by their clock, and end it after twelve', async () => {
  const clock = fastClock();
  const opened = await Promise.all(
    (['nginx', 'lighttpd'] satisfies RunServer[]).map(async (server) => {
      const { at } = await runSite(server, {}, { env: clock.env });
      return { server, open: await openWebSocket(at, HOST) };
    }),
  );
  await Promise.all(opened.map(({ open }) => say(open)));
  clock.begin();
  // From here on each waits by the fast clock.
  await Promise.all(opened.map(({ open }) => say(open)));
  await pass(10 * HOUR);
  await Promise.all(
    opened.map(async ({ server, open }) => {
      await say(open);
      const since = performance.now();
      await new Promise((resolve) => open.socket.once('close', resolve));
      // It is the clock of the server that ended it: a slow machine is only later.
      expect((performance.now() - since) / HOUR, server).toBeGreaterThan(11.9);
    }),
  );
});

it('HAProxy says that it waits twelve hours', async () => {
  const folder = scratchFolder();
  const port = await freePort();
  const more = join(folder, 'more.cfg');
  writeFileSync(more, `global\n  stats socket ipv4@127.0.0.1:${port}\n`);
  const { at } = await runSite('haproxy', {}, { args: ['-f', more] });
  const open = await openWebSocket(at, HOST);
  await say(open);
  const session = async (): Promise<string> => {
    const shown = await answer({ host: '127.0.0.1', port }, 'show sess\n');
    return shown.split('\n').find((line) => line.includes('fe=rcssl-haproxy ')) ?? shown;
  };
  // From the client, from the app, and, once the time to connect in is over, of the whole.
  const hours = '(?:12h|11h59m)';
  await expect
    .poll(session, { timeout: 60_000, interval: 1000 })
    .toMatch(new RegExp(` rq\\[[^\\]]*,rx=${hours},.* rp\\[[^\\]]*,rx=${hours},.* exp=${hours} `));
});

it('Apache asks the kernel to wait twelve hours', async () => {
  const { at, running } = await runSite('apache');
  const open = await openWebSocket(at, HOST);
  const file = join(scratchFolder(), 'trace');
  const { stdout } = spawnSync('pgrep', ['-P', String(running.process.pid)], { encoding: 'utf8' });
  const workers = stdout
    .trim()
    .split('\n')
    .flatMap((pid) => ['-p', pid]);
  const tracer = spawn('strace', ['-f', '-o', file, '-e', 'trace=epoll_wait,epoll_pwait,poll,ppoll', ...workers], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void tracer.kill());
  await new Promise<void>((resolve) => tracer.stderr.once('data', () => resolve()));
  // A call is printed when it ends.
  await expect
    .poll(
      async () => {
        await say(open);
        return readFileSync(file, 'utf8');
      },
      { timeout: 60_000 },
    )
    .toMatch(/, 43200000\)/);
});

it('Caddy prints a configuration in which nothing ends a socket', async () => {
  const { at, project } = await runSite('caddy');
  const open = await openWebSocket(at, HOST);
  await say(open);
  const text = await answer(
    { path: project.path('proxy/caddy.run/admin.sock') },
    'GET /config/ HTTP/1.0\r\nHost:\r\n\r\n',
  );
  // Of the connections to the app that are free.
  expect(text).toContain('"keep_alive":{"idle_timeout":2000000000}');
  expect(text.replaceAll('"keep_alive":{"idle_timeout":2000000000}', '')).not.toMatch(/timeout|deadline/i);
  await say(open);
});
