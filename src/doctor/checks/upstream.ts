import { ProbeFault } from '../../kernel/ports.ts';
import { bad, doubt, good, type Check, type Finding } from '../check.ts';
import { proxiesFor, proxyAtPort } from '../proxies.ts';

/** What a resolver says of a name that it does not know. */
const UNKNOWN = ['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA'];

export const upstream: Check = {
  title: 'app',
  about: 'Every app behind the declared proxies answers.',
  cure: 'Start the app, on the address that the proxy is told (`upstream`).',
  after: [],
  async look(patient) {
    const findings: Finding[] = [];
    const told = new Set<string>();
    const asked = proxyAtPort(patient);
    for (const { config } of asked ? [asked] : proxiesFor(patient)) {
      for (const each of config.routes.flatMap(({ upstreams }) => upstreams)) {
        const at = `${each.tls ? 'https' : 'http'}://${each.host.includes(':') ? `[${each.host}]` : each.host}:${each.port}`;
        if (told.has(at)) continue;
        told.add(at);
        const answer = await patient.upstream(each, false);
        if (!(answer instanceof ProbeFault)) findings.push(good('doctor-upstream', { at, status: answer.status }));
        // Such as a service of a compose file, which only containers beside it know.
        else if (UNKNOWN.includes(answer.code)) findings.push(doubt('doctor-upstream-unknown', { at }));
        else findings.push(bad('doctor-upstream-dead', { at, why: answer.code }));
      }
    }
    return findings;
  },
};
