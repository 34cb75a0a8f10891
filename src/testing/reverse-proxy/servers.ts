import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProxyServer } from '../../reverse-proxy/registry.ts';
import { findProgram } from '../programs.ts';

/** What libfaketime reads its time from. */
export const CLOCK_FILE = 'FAKETIME_TIMESTAMP_FILE';

/** How each is started from its whole configuration, in the foreground. */
const COMMANDS = {
  // Its workers have the variables that it is told of alone.
  nginx: (file: string) => ['nginx', '-e', 'stderr', '-c', file, '-g', `daemon off; env ${CLOCK_FILE};`],
  apache: (file: string) => ['apache2', '-DFOREGROUND', '-f', file],
  caddy: (file: string) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
  'caddy-json': (file: string) => ['caddy', 'run', '--config', file],
  haproxy: (file: string) => ['haproxy', '-W', '-f', file],
  lighttpd: (file: string) => ['lighttpd', '-D', '-f', file],
} satisfies Partial<Record<ProxyServer, (file: string) => readonly [string, ...string[]]>>;

/** The servers that the tests run. */
export type RunServer = keyof typeof COMMANDS;

/** The program of each, as `requireProgram` wants it. */
export const RUN_SERVERS: readonly (readonly [RunServer, program: string])[] = (
  Object.keys(COMMANDS) as RunServer[]
).map((server) => [server, COMMANDS[server]('')[0] ?? '']);

/** `nobody`, where the test is root: servers of their own need none. */
const NOBODY = 65_534;

export interface Running {
  readonly process: ChildProcess;
  readonly said: () => string;
  /** Gives the project's files to whoever runs the server. */
  handOver(): void;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What a test wants of a server beside what it reads. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Beside the port that it is reached on. */
  readonly alsoListen?: readonly string[];
}

/** Starts a server that is stopped when the test ends. `base` is everything that it may read. */
export async function startServer(
  server: RunServer,
  file: string,
  base: string,
  port: number,
  { env: variables = {}, args: more = [] }: StartOptions = {},
): Promise<Running> {
  const isRoot = process.getuid?.() === 0;
  const handOver = (): void => {
    if (isRoot) chown(base);
  };
  handOver();
  const [program, ...args] = COMMANDS[server](file);
  const env = { PATH: `${process.env['PATH']}${delimiter}/usr/sbin`, HOME: join(base, 'home'), ...variables };
  // By its whole path, as a service is: lighttpd reloads better then.
  const child = spawn(findProgram(program, env) ?? program, [...args, ...more], {
    cwd: dirname(file),
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    detached: true,
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => void (said += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  onTestFinished(async () => {
    // Gracefully it would wait for sockets that are still open; it and whatever it has forked, by its own group.
    killGroup(child);
    await ended;
  });
  for (let tries = 0; !(await answers(port)); tries++) {
    if (child.exitCode !== null || tries > 200) throw new Error(`${server} does not listen: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { process: child, said: () => said, handOver };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // all have ended
  }
}

function chown(folder: string): void {
  chownSync(folder, NOBODY, NOBODY);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) chown(path);
    else if (entry.isFile()) chownSync(path, NOBODY, NOBODY);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
