import type { RunServer } from './servers.ts';

const SEES_FIRST = 'another certificate was shown';
const HANDSHAKE = 'the handshake for an unknown name is refused';
const NO_LENGTH = 'a body without a length that is too long is refused';

/** What a server cannot do, by what it is asked: what the suite finds, and why it is so. */
export const KNOWN_LIMITS: Readonly<
  Record<RunServer, Readonly<Record<string, { readonly found: string; readonly why: string }>>>
> = {
  nginx: {},
  apache: {
    [HANDSHAKE]: { found: SEES_FIRST, why: 'Apache has no way to end a handshake; the request gets 421' },
    [NO_LENGTH]: { found: 'it was accepted', why: 'LimitRequestBody is not for requests that are passed on' },
  },
  caddy: {},
  'caddy-json': {},
  haproxy: { [NO_LENGTH]: { found: 'it was accepted', why: 'HAProxy counts no streamed body' } },
  lighttpd: {
    [HANDSHAKE]: { found: SEES_FIRST, why: 'lighttpd needs a certificate for the whole socket; the request gets 403' },
  },
};

/** The table of docs/reverse-proxies.md: a row for everything that is asked, a column a server. */
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
  ].join('\n');
}
