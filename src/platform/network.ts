import { createHash, randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP, isIPv6 } from 'node:net';
import { ProbeFault, type HttpAnswer, type Network, type NetworkLimits, type ProbeStage } from '../kernel/ports.ts';
import { askMulticast } from './multicast-dns.ts';
import { codeOf, nodeTlsProbe } from './tls-probe.ts';

/** RFC 6455 section 1.3. */
const WEBSOCKET = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** More than any server has in the head of an answer; the parser gives up there. */
const HEAD_LIMIT = 32 * 1024;

export const nodeNetwork: Network = {
  ...nodeTlsProbe,
  async addresses(name, { timeout, signal }) {
    const found = lookup(name, { all: true }).catch(() => []);
    // The system's resolver cannot be stopped; whoever waits for it can.
    const addresses = await Promise.race([found, ended(limit(timeout, signal))]);
    return [...new Set(addresses.map(({ address }) => address))];
  },
  announced: (name, limits) => askMulticast(name, limits),
  get: ({ host, address, port, secure, path, upgrade }, limits) => {
    const key = randomBytes(16).toString('base64');
    const named = isIPv6(host) ? `[${host}]` : host;
    const options: RequestOptions & { servername?: string; rejectUnauthorized?: boolean } = {
      host: address ?? host,
      port,
      path,
      agent: false,
      maxHeaderSize: HEAD_LIMIT,
      headers: {
        host: port === (secure ? 443 : 80) ? named : `${named}:${port}`,
        'user-agent': 'rcssl',
        accept: '*/*',
        ...(upgrade
          ? { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key }
          : { connection: 'close' }),
      },
      ...(secure && { rejectUnauthorized: false, servername: isIP(host) === 0 ? host : '' }),
    };
    return answerTo(options, secure, key, limits);
  },
};

function answerTo(options: RequestOptions, secure: boolean, key: string, limits: NetworkLimits): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let stage: ProbeStage = 'connection';
    const signal = limit(limits.timeout, limits.signal);
    const request = (secure ? secureRequest : plainRequest)({ ...options, signal });
    request.once('socket', (socket) => {
      socket.once('connect', () => (stage = secure ? 'handshake' : 'answer'));
      socket.once('secureConnect', () => (stage = 'answer'));
    });
    const take = (response: IncomingMessage): void => {
      const accept = createHash('sha1').update(`${key}${WEBSOCKET}`).digest('base64');
      const { statusCode: status = 0, headers } = response;
      resolve({
        status,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
        isUpgraded: status === 101 && headers['sec-websocket-accept'] === accept,
      });
      request.destroy();
    };
    request.once('response', take);
    request.once('upgrade', (response, socket) => {
      take(response);
      socket.destroy();
    });
    request.on('error', (error) => {
      reject(
        new ProbeFault(stage, limits.signal?.aborted || !signal.aborted ? codeOf(error) : 'ETIMEDOUT', {
          cause: error,
        }),
      );
    });
    request.end();
  });
}

function limit(timeout: number, signal: AbortSignal | undefined): AbortSignal {
  const late = AbortSignal.timeout(timeout);
  return signal ? AbortSignal.any([late, signal]) : late;
}

/** Nothing, once the signal aborts. */
function ended(signal: AbortSignal): Promise<never[]> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve([]), { once: true }));
}
