import { createServer as createPlain, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { checkProxy, diagnose } from '../engine/doctor.ts';
import { describe } from '../diagnostics/diagnostic.ts';
import type { Exec, Network, World } from '../kernel/ports.ts';
import { nodeNetwork } from '../platform/network.ts';
import { scratchProject, type ScratchProject } from './project.ts';

const HOSTS = [{ name: 'localhost', key: 'ecdsa-p256', altNames: ['app.test'] }];
/** Small and quick, with its root in the project. */
export const DOCTOR_CONFIG = {
  ca: { name: 'Dev Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: HOSTS,
};

export async function applied(config: object = DOCTOR_CONFIG): Promise<ScratchProject> {
  const project = scratchProject(config);
  await project.apply();
  return project;
}

/** What a check said: `bad doctor-nothing-listens`, a line a finding; the fix of the first that has one. */
export interface Said {
  readonly verdict: string;
  readonly codes: readonly string[];
  readonly fix: string | undefined;
}

interface How {
  readonly address?: string;
  readonly network?: Partial<Network>;
  readonly world?: Partial<World>;
  /** `rcssl proxy check` in place of `rcssl doctor`. */
  readonly isProxyCheck?: boolean;
}

/** The tools of trust stores take their seconds; the test of that check brings its own world. */
function onlyGit(exec: Exec): Exec {
  const absent = Object.assign(new Error('not in this test'), { code: 'ENOENT' });
  return { run: (argv, options) => (argv[0] === 'git' ? exec.run(argv, options) : Promise.reject(absent)) };
}

/** Every check by its id, in front of this network; nobody is asked by multicast unless a test does it. */
export async function examine(project: ScratchProject, target?: string, how: How = {}): Promise<Record<string, Said>> {
  const network = { ...nodeNetwork, announced: () => Promise.resolve([]), ...how.network };
  const world = { ...project.world, exec: onlyGit(project.world.exec), ...how.world };
  const options = { cwd: project.folder, ...(how.address !== undefined && { address: how.address }) };
  const { checks } =
    how.isProxyCheck && target !== undefined
      ? await checkProxy(world, network, { ...options, target })
      : await diagnose(world, network, { ...options, ...(target !== undefined && { target }) });
  return Object.fromEntries(
    checks.map(({ id, verdict, findings, waitsFor }) => [
      id,
      {
        verdict: waitsFor === undefined ? verdict : `after ${waitsFor}`,
        codes: findings.map(({ told }) => told.code),
        fix: findings.map(({ told }) => describe(told).hint).find(Boolean),
      },
    ]),
  );
}

/** What a server of a test answers: a status with headers, or a WebSocket. */
interface Answers {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** To an upgrade: what is sent as `Sec-WebSocket-Accept`; without it the upgrade is ignored, as many a proxy does. */
  readonly accept?: (key: string) => string;
}

/** As RFC 6455 wants it. */
export const rightly = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** A live server on 127.0.0.1, closed when the test ends; by TLS where it gets a pair. Gives its port. */
export function serveAnswers(
  answers: Answers = {},
  pair?: { readonly key: string; readonly cert: string },
  port = 0,
): Promise<number> {
  const { status = 200, headers = {}, accept } = answers;
  const server: Server = pair ? createSecure(pair) : createPlain();
  server.on('request', (_, response) => void response.writeHead(status, headers).end('hello\n'));
  if (accept) {
    server.on('upgrade', ({ headers: { 'sec-websocket-key': key = '' } }, socket) => {
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
      socket.end(`${[...head, `Sec-WebSocket-Accept: ${accept(key)}`].join('\r\n')}\r\n\r\n`);
    });
  }
  // Who looks hangs up in the middle of things.
  server.on('tlsClientError', () => {});
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** The pair of a host as a server is given it. */
export function pairOf(project: ScratchProject, name = 'localhost'): { readonly key: string; readonly cert: string } {
  return { key: project.read(`certs/${name}.key`), cert: project.read(`certs/${name}.fullchain.pem`) };
}
