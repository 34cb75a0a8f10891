import { ProbeFault, type HttpAnswer } from '../../kernel/ports.ts';
import { bad, doubt, good, idle, type Check, type Finding } from '../check.ts';
import type { Server } from '../case.ts';
import { httpsUrl } from '../https-url.ts';
import { proxyAtPort } from '../proxies.ts';
import { REDIRECT_PATH } from '../redirect-path.ts';

const PERMANENT_WITH_METHOD = 308;

export const redirect: Check = {
  title: 'redirect',
  about: 'Plain HTTP is sent to `https://` with path and query, by a 308, which keeps a POST a POST.',
  cure: '`redirectFrom: 80` at the declared proxy.',
  after: ['name'],
  async look(patient) {
    const { server } = patient;
    if (!server) return [];
    const from = portFrom(patient, server);
    if (from === undefined) return [idle('doctor-redirect-none', {})];
    const answer = await server.looks.redirect(from);
    const declared = proxyAtPort(patient);
    if (answer instanceof ProbeFault) {
      const args = { port: from, why: answer.code };
      // Where it is declared the server does not do what it is told.
      return [declared ? bad('doctor-redirect-dead', args) : doubt('doctor-redirect-silent', args)];
    }
    // It leads to the first of several ports.
    const port = declared?.config.listen[0]?.port ?? server.port;
    const decodes = declared?.config.server === 'lighttpd' && !declared.config.standalone;
    return [judge(httpsUrl(server.host, port), from, answer, decodes)];
  },
};

/** The declared one; else what belongs to 443. */
function portFrom(patient: Parameters<Check['look']>[0], { port }: Server): number | undefined {
  const declared = proxyAtPort(patient);
  if (declared) return declared.config.redirectFrom[0]?.port;
  return port === 443 ? 80 : undefined;
}

function judge(url: string, port: number, { status, headers }: HttpAnswer, decodes: boolean): Finding {
  const location = headers['location'] ?? '';
  const wanted = `${url}${REDIRECT_PATH}`;
  if (status < 300 || status > 399 || location === '') return bad('doctor-redirect-missing', { port, status });
  const [got, expected] = [location, wanted].map((text) => URL.parse(text)?.href);
  if (decodes && got === expected?.replace('%2F', '/')) return doubt('doctor-redirect-decoded', { port });
  if (got !== expected) return bad('doctor-redirect-elsewhere', { port, location, wanted });
  if (status !== PERMANENT_WITH_METHOD) return doubt('doctor-redirect-status', { port, status });
  return good('doctor-redirect', { port, url });
}
