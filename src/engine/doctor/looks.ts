import type { Looks } from '../../doctor/case.ts';
import { REDIRECT_PATH } from '../../doctor/redirect-path.ts';
import { SECOND } from '../../kernel/duration.ts';
import { ProbeFault, type Network } from '../../kernel/ports.ts';

const TIMEOUT = 5 * SECOND;
/** A machine that has the name answers at once (RFC 6762 section 6: within 120 ms); asked twice. */
const ANNOUNCED_TIMEOUT = 2.5 * SECOND;

export interface Asked {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** What is dialled in place of what the name resolves to. */
  readonly address: string | undefined;
  /** DER; undefined: the public roots. */
  readonly anchors: readonly Buffer[] | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What is asked of a server, each once, when a check wants to know. */
export function looksAt(network: Network, { host, port, path, address, anchors, signal }: Asked): Looks {
  const limits = { timeout: TIMEOUT, signal };
  const addresses = once(async () => (address === undefined ? network.addresses(host, limits) : [address]));
  // Nobody waits for a resolver twice.
  const reached = async <T>(ask: () => Promise<T>): Promise<T | ProbeFault> =>
    (await addresses()).length === 0 ? new ProbeFault('connection', 'ENOTFOUND') : faultOr(ask());
  const tls = once(() =>
    reached(() => network.probe({ host, address, port, anchors, timeout: TIMEOUT, ...(signal && { signal }) })),
  );
  const get = (secure: boolean, upgrade: boolean) =>
    once(() => reached(() => network.get({ host, address, port, secure, path, upgrade }, limits)));
  // Where no TLS comes about there is no page either, and nobody waits for that twice.
  const overTls =
    <T>(ask: () => Promise<T>) =>
    async (): Promise<T | ProbeFault> => {
      const found = await tls();
      return found instanceof ProbeFault ? found : ask();
    };
  return {
    addresses,
    announced: once(() => network.announced(host, { ...limits, timeout: ANNOUNCED_TIMEOUT })),
    tls,
    page: overTls(get(true, false)),
    plain: get(false, false),
    upgrade: overTls(get(true, true)),
    redirect: (from) => faultOr(network.get({ host, address, port: from, secure: false, path: REDIRECT_PATH }, limits)),
  };
}

/** The app behind a proxy, at a path of it. */
export function upstreamLook(network: Network, path: string, signal: AbortSignal | undefined) {
  return (
    { host, port, tls }: { readonly host: string; readonly port: number; readonly tls: boolean },
    upgrade: boolean,
  ) => faultOr(network.get({ host, port, secure: tls, path, upgrade }, { timeout: TIMEOUT, signal }));
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}

async function faultOr<T>(answer: Promise<T>): Promise<T | ProbeFault> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ProbeFault) return error;
    throw error;
  }
}
