import { ProbeFault } from '../../kernel/ports.ts';
import type { Looks } from '../case.ts';
import { bad, good, type Check } from '../check.ts';
import { proxiesFor } from '../proxies.ts';

/** OpenSSL's names of what the other side says in the handshake. */
const ALERT = /ALERT|UNRECOGNIZED_NAME/;

export const https: Check = {
  title: 'https',
  about: '`https://` was typed, and what answers on the port speaks TLS.',
  cure: 'Type the scheme out; and where the app itself answers by plain HTTP, put a reverse proxy in front of it: `rcssl proxy`.',
  after: ['port'],
  async look(patient) {
    const { server } = patient;
    if (!server) return [];
    const { port, url, typed, looks } = server;
    const found = await looks.tls();
    if (!(found instanceof ProbeFault)) {
      if (typed === 'http') return [bad('doctor-http-typed', { url })];
      return [good('doctor-tls', { protocol: found.protocol, server: await softwareOf(looks) })];
    }
    // An alert is TLS: whoever sends one answers plain HTTP, too, with a 400.
    const plain = ALERT.test(found.code) ? found : await looks.plain();
    if (plain instanceof ProbeFault) return [bad('doctor-no-tls', { port, why: found.code, host: server.host })];
    const other = proxiesFor(patient)
      .flatMap(({ config }) => config.listen)
      .find((address) => address.port !== port);
    const instead = other && `https://${server.host}${other.port === 443 ? '' : `:${other.port}`}`;
    return [bad('doctor-plain-http', { port, status: plain.status, instead })];
  },
};

/** What it says of itself, without its version: `nginx`. */
async function softwareOf({ page }: Looks): Promise<string | undefined> {
  const answer = await page();
  return answer instanceof ProbeFault ? undefined : /^[\w.-]+/.exec(answer.headers['server'] ?? '')?.[0];
}
