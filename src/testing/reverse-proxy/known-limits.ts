import { CLOSED_HOST, CLOSED_HOST_BESIDE_ADDRESS } from './closed-hosts.ts';
import type { RunServer } from './servers.ts';

const SEES_FIRST = 'another certificate was shown';
const HANDSHAKE = 'the handshake for an unknown name is refused';
const REFUSED = {
  found: 'rcssl refuses to write it',
  why: 'lighttpd asks for a certificate in the handshake alone, whose name the request need not have',
};
const NO_LENGTH = 'a body without a length that is too long is refused';

const SOCKETS = 'WebSockets that are open during renewals';

interface Limit {
  readonly found: string;
  readonly why: string;
  /** Not in every run. */
  readonly sometimes?: true;
}

const CADDY: Readonly<Record<string, Limit>> = {
  [SOCKETS]: {
    found: 'cut',
    why: 'Caddy 2.6 ends them at a reload; clients connect again. stream_close_delay, which would keep them, came with 2.7 and is an error in 2.6',
  },
  'requests during renewals': {
    found: 'some failed',
    why: 'a connection that comes in while Caddy 2.6 reloads may be closed',
    sometimes: true,
  },
};

/** What a server cannot do, by what it is asked: what the suite finds, and why it is so. */
const KNOWN_LIMITS: Readonly<Record<RunServer, Readonly<Record<string, Limit>>>> = {
  nginx: {},
  apache: {
    [HANDSHAKE]: { found: SEES_FIRST, why: 'Apache has no way to end a handshake; the request gets 421' },
    [NO_LENGTH]: { found: 'it was accepted', why: 'LimitRequestBody is not for requests that are passed on' },
  },
  caddy: {
    ...CADDY,
    [CLOSED_HOST_BESIDE_ADDRESS]: {
      found: '421 by address',
      why: 'Caddy then wants each request to be for the name of its handshake, which has none; caddy-json serves both',
    },
  },
  'caddy-json': CADDY,
  haproxy: { [NO_LENGTH]: { found: 'it was accepted', why: 'HAProxy counts no streamed body' } },
  lighttpd: {
    [HANDSHAKE]: { found: SEES_FIRST, why: 'lighttpd needs a certificate for the whole socket; the request gets 403' },
    'a body without a length passes by HTTP/2, too': {
      found: 'status 411',
      why: 'lighttpd 1.4.69 wants a length by HTTP/2, which browsers send with all but a stream; by HTTP/1.1 it takes chunks',
    },
    [CLOSED_HOST]: REFUSED,
    [CLOSED_HOST_BESIDE_ADDRESS]: REFUSED,
  },
};

/** What the suite is to find of what it asked; `found` is what it did find. */
export function expectedLimits(server: RunServer, asked: readonly string[], found: readonly string[]): string[] {
  return Object.entries(KNOWN_LIMITS[server])
    .filter(([what]) => asked.includes(what))
    .map(([what, limit]) => ({ text: `${what}: ${limit.found}`, limit }))
    .filter(({ text, limit }) => !limit.sometimes || found.includes(text))
    .map(({ text }) => text)
    .toSorted();
}

/** What the table does not say of how it was found. */
const HOW = [
  'Renewals: ten, with 500 open WebSockets and 1,000 requests. That a socket may idle for twelve hours was shown without',
  'waiting for them: nginx and lighttpd keep it for ten hours by a clock that runs 1,200 times as fast, and end it after',
  'twelve; HAProxy prints how long it waits; Apache asks the kernel to wait so long, as strace shows; Caddy prints a',
  "configuration with no such time. Rocket.Chat's own client connects, calls and subscribes through nginx and Caddy.",
  '',
  'No program of these runs in the tests: Traefik and Envoy, since no package registry that the tests reach has one, IIS, the',
  'snap, Docker and Kubernetes. Their files are read by other readers of YAML, JSON and XML, with hostile names and paths in',
  "them, and held against what is published of their form: the schemas of Compose, the Gateway API and Ingress, Envoy's own",
  "messages (as gRPC carries them along) with their rules, and for Traefik the types made from SchemaStore's schemas.",
];

/** The table of docs/reverse-proxies/README.md: a row for everything that is asked, a column a server. */
export function conformanceTable(asked: readonly string[]): string {
  const servers = Object.keys(KNOWN_LIMITS) as RunServer[];
  const notes: string[] = [];
  const cell = (server: RunServer, what: string): string => {
    const limit = KNOWN_LIMITS[server][what];
    if (!limit) return 'yes';
    notes.push(`${server}, ${what}: ${limit.found}. ${limit.why}.`);
    return `no [${notes.length}]`;
  };
  const rows = asked.map((what) => `| ${what} | ${servers.map((server) => cell(server, what)).join(' | ')} |`);
  return [
    `| | ${servers.join(' | ')} |`,
    `|---|${servers.map(() => '---|').join('')}`,
    ...rows,
    '',
    ...notes.map((note, n) => `${n + 1}. ${note}`),
    '',
    ...HOW,
    '',
  ].join('\n');
}
