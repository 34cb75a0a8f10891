import { randomInt } from 'node:crypto';
import { fail } from '../diagnostics/diagnostic.ts';
import type { CheckHost, EnrolmentRoot } from '../engine/enrolment.ts';
import type { Web, WebAnswer, WebOptions, WebRequest } from '../kernel/web.ts';
import { english } from './english.ts';
import type { CheckState } from './events.ts';
import type { Guests } from './guests.ts';
import type { PageCheck } from './page.ts';
import { checkAnswers, pageAnswers } from './site.ts';
import { covers, hostOf, type Where } from './where.ts';

/** The page's port and, one above, the check's, where they are free: a firewall can be told of them. */
const PORT = 8720;
/** None that look alike on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';
/** 40 bits: whoever tries all day, as fast as this machine answers, does not find the page. */
const TOKEN_LENGTH = 8;

export interface Served {
  /** Of the page. */
  readonly url: string;
  readonly check: CheckState;
  close(): Promise<void>;
}

/** Opens the two listeners, the page's and, where a host can be checked with, the check's. Throws `enrol-cannot-listen`. */
export async function serve(
  web: Web,
  {
    root,
    where,
    host,
    port,
    guests,
  }: {
    readonly root: EnrolmentRoot;
    readonly where: Where;
    readonly host: CheckHost;
    /** Of the page; undefined: the usual one, or any. */
    readonly port: number | undefined;
    readonly guests: Guests;
  },
): Promise<Served> {
  const token = Array.from({ length: TOKEN_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  // Each says where the other is, so that both answer once both are there.
  const answers = { page: busy, check: busy };
  const listen = listener(web, where, guests, port);
  const open = [await listen(0, { answer: (request) => answers.page(request) })];
  const close = async (): Promise<void> => void (await Promise.all(open.map((one) => one.close())));
  try {
    if (host.state === 'ready') {
      const tls = { key: host.key, chain: host.chain };
      open.push(await listen(1, { tls, answer: (request) => answers.check(request), onConnection: guests.touched }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  const [pagePort = 0, checkPort = 0] = open.map((one) => one.port);
  const origin = `http://${authority(where.address, pagePort, 80)}`;
  const { check, shown } = checkOf(host, checkPort, token);
  const site = { root, token, check, texts: english, guests };
  answers.page = pageAnswers({ ...site, hosts: where.names.map((name) => authority(name, pagePort, 80)) });
  if (host.state === 'ready') {
    answers.check = checkAnswers({ ...site, hosts: [authority(host.name, checkPort, 443)] }, origin);
  }
  return { url: `${origin}/${token}`, check: shown, close };
}

const busy = (_: WebRequest): WebAnswer => ({ status: 503, headers: {}, body: Buffer.alloc(0) });

type Listen = (above: number, rest: Omit<WebOptions, 'address' | 'port' | 'admits'>) => ReturnType<Web['listen']>;

/** On the port that was asked for, or else on the usual one, or else on any. */
function listener(web: Web, { address, networks }: Where, guests: Guests, asked: number | undefined): Listen {
  const admits = (from: string): boolean => {
    const isIn = networks.some((range) => covers(range, from));
    if (!isIn) guests.refused(from, 'network');
    return isIn;
  };
  return async (above, rest) => {
    const port = (asked ?? PORT) + above;
    const options = { ...rest, address, admits };
    try {
      return await web.listen({ ...options, port });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      if (asked === undefined && error.code === 'EADDRINUSE') return web.listen({ ...options, port: 0 });
      return fail('enrol-cannot-listen', { address, port, why: String(error.code) }, {}, { cause: error });
    }
  };
}

/** As a Host header has it. */
function authority(name: string, port: number, standard: number): string {
  return `${hostOf(name)}${port === standard ? '' : `:${port}`}`.toLowerCase();
}

/** The check as the page has it, and as it is told. */
function checkOf(host: CheckHost, port: number, token: string): { check: PageCheck; shown: CheckState } {
  if (host.state === 'undeclared') {
    // `lan: true` follows the machine from network to network; the loopback is no network.
    const declare = host.names.includes('localhost') ? "altNames: ['localhost', '127.0.0.1']" : 'lan: true';
    return { check: { ...host, declare }, shown: host };
  }
  if (host.state === 'unmade') {
    const unmade = { state: 'unmade', host: host.host } as const;
    return { check: unmade, shown: unmade };
  }
  const url = `https://${authority(host.name, port, 443)}/${token}/check`;
  return {
    check: { state: 'ready', url, verdict: `/${token}/verdict`, port },
    shown: { state: 'ready', host: host.host, url },
  };
}
