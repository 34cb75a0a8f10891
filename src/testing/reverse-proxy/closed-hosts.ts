import { X509Certificate } from 'node:crypto';
import { askHttp2 } from './client-http2.ts';
import { ask, handshake, type Reached } from './client.ts';
import { HOST } from './check.ts';

/** What is asked of several hosts together; the words stand in the table of the docs. */
export const CLOSED_HOST = 'mutual TLS of one host of several, whatever the handshake named';
export const CLOSED_HOST_BESIDE_ADDRESS = 'the same, with a host that has an address';
export const EXACT_BEFORE_WILDCARD = "a name is its host's, though another host's wildcard stands before it";
export const CLOSED_CHECKS: readonly string[] = [CLOSED_HOST, CLOSED_HOST_BESIDE_ADDRESS, EXACT_BEFORE_WILDCARD];

/** The one that asks for a certificate. */
export const CLOSED = 'closed.test';
export const ADDRESS = '127.0.0.1';
export const WILDCARD = '*.dev.test';
export const EXACT = 'app.dev.test';
const UNDER_WILDCARD = 'other.dev.test';

/** The status, and the port of the app that answered; undefined where the handshake failed. */
async function answer(at: Reached, host: string, sni: string | undefined) {
  const got = await ask(at, { host, sni, path: '/secret' }).catch(() => undefined);
  if (!got) return undefined;
  return { status: got.status, port: got.status === 200 ? (JSON.parse(got.body) as { port: number }).port : undefined };
}

/** Throws what is wrong: `CLOSED` asks for a client's certificate, and the others do not. */
export async function closedHost(
  at: Reached,
  client: NonNullable<Reached['client']>,
  { address }: { readonly address: boolean },
): Promise<void> {
  for (const sni of [HOST, 'unknown.test', undefined, CLOSED, CLOSED.toUpperCase(), ADDRESS]) {
    const got = await answer(at, CLOSED, sni);
    const byHttp2 = await askHttp2(at, { host: CLOSED, sni, path: '/secret' }).catch(() => undefined);
    for (const { status } of [got, byHttp2].filter((one) => one !== undefined)) {
      if (status < 400) throw new Error(`${status} for it after a handshake for ${sni ?? 'no name'}`);
    }
  }
  // The line names one host, and the header the other.
  for (const sni of [HOST, undefined]) {
    const path = `https://${HOST}/secret`;
    const got = await ask(at, { host: CLOSED, sni, path }).catch(() => undefined);
    const byHttp2 = await askHttp2(at, { host: HOST, sni, path: '/secret', headers: { Host: CLOSED } }).catch(
      () => undefined,
    );
    for (const { status, body } of [got, byHttp2].filter((one) => one !== undefined)) {
      if (status < 400 && body.includes(CLOSED)) throw new Error('the app takes it for a request for it');
    }
  }
  if ((await answer(at, HOST, HOST))?.status !== 200) throw new Error('the others ask, too');
  if ((await askHttp2(at, { host: HOST })).status !== 200) throw new Error('the others do not answer by HTTP/2');
  if ((await answer({ ...at, client }, CLOSED, CLOSED))?.status !== 200) throw new Error('it lets nobody in');
  if (!address) return;
  const got = await answer(at, ADDRESS, undefined);
  if (got?.status !== 200) throw new Error(`${got?.status ?? 'no handshake'} by address`);
}

/** Throws what is wrong: the app of `EXACT`, which asks for a certificate where `closed`, listens at this port. */
export async function exactBeforeWildcard(
  at: Reached,
  client: NonNullable<Reached['client']>,
  { port, closed }: { readonly port: number; readonly closed: boolean },
): Promise<void> {
  const secured = { ...at, client };
  const socket = await handshake(secured, EXACT);
  const names = new X509Certificate(socket.getPeerCertificate().raw).subjectAltName ?? '';
  socket.destroy();
  if (!names.includes(EXACT)) throw new Error(`its certificate is for ${names}`);
  const own = await answer(secured, EXACT, EXACT);
  if (own?.port !== port) throw new Error(`the app of the wildcard answers, with ${own?.status}`);
  const other = await answer(at, UNDER_WILDCARD, UNDER_WILDCARD);
  if (other?.status !== 200 || other.port === port) throw new Error(`the wildcard is not served: ${other?.status}`);
  for (const sni of closed ? [EXACT, UNDER_WILDCARD, HOST, undefined] : []) {
    const got = await answer(at, EXACT, sni);
    if (got && got.status < 400) throw new Error(`${got.status} without a certificate, after ${sni ?? 'no name'}`);
  }
}
