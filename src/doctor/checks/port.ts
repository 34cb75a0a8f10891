import { ProbeFault } from '../../kernel/ports.ts';
import { bad, good, type Check } from '../check.ts';
import { proxiesFor, proxyAtPort } from '../proxies.ts';

export const port: Check = {
  title: 'port',
  about: 'Something listens on the port.',
  cure: 'Start the server, or ask for the port that it listens on. Where a look times out, a firewall is in the way.',
  after: ['name'],
  async look(patient) {
    const { server } = patient;
    if (!server) return [];
    const found = await server.looks.tls();
    if (!(found instanceof ProbeFault)) return [good('doctor-listens', { port: server.port, address: found.address })];
    if (found.stage !== 'connection') return [good('doctor-listens', { port: server.port, address: undefined })];
    const [other] = proxiesFor(patient).flatMap(({ config }) => config.listen);
    const proxy = proxyAtPort(patient);
    return [
      bad('doctor-nothing-listens', {
        port: server.port,
        why: found.code,
        proxy: proxy && { server: proxy.config.server, path: proxy.path },
        other: proxy ? undefined : other && `https://${server.host}:${other.port}`,
      }),
    ];
  },
};
