import { isIP } from 'node:net';
import { ProbeFault } from '../../kernel/ports.ts';
import { doubt, good, type Check, type Finding } from '../check.ts';
import { rememberedBy } from '../hsts-memory.ts';

export const hsts: Check = {
  title: 'HSTS',
  about:
    'No browser here remembers that the name is https alone, and the server does not say so: it outlives the certificate.',
  cure: 'No `hsts` for development names; `chrome://net-internals/#hsts` forgets one, Firefox by "Forget About This Site".',
  after: [],
  async look({ server, ports }) {
    if (!server || isIP(server.host) !== 0) return [];
    const { host } = server;
    const findings: Finding[] = [];
    const page = await server.looks.page();
    const sent = page instanceof ProbeFault ? undefined : page.headers['strict-transport-security'];
    const age = Number(/max-age="?(\d+)/i.exec(sent ?? '')?.[1] ?? 0);
    if (age > 0) findings.push(doubt('doctor-hsts-sent', { host, seconds: age }));
    for (const { browser, at } of rememberedBy(ports, host)) {
      findings.push(doubt('doctor-hsts-remembered', { host, browser, at }));
    }
    return findings.length > 0 ? findings : [good('doctor-hsts', { host })];
  },
};
