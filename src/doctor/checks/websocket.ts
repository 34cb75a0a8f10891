import { ProbeFault } from '../../kernel/ports.ts';
import { bad, doubt, good, idle, type Check } from '../check.ts';
import { proxyAtPort, upstreamAt, wantsCertificate } from '../proxies.ts';

export const websocket: Check = {
  title: 'WebSocket',
  about: 'A WebSocket can be opened at the path of the address, through whatever stands before the app.',
  cure: 'The proxy passes `Upgrade` and `Connection` on, as every configuration that rcssl writes does.',
  after: ['https'],
  async look(patient) {
    const { server } = patient;
    if (!server) return [];
    const { path } = server;
    if (wantsCertificate(patient)) return [idle('doctor-client-certificate', {})];
    const answer = await server.looks.upgrade();
    if (answer instanceof ProbeFault) return [bad('doctor-upgrade-failed', { path, why: answer.code })];
    if (answer.isUpgraded) return [good('doctor-upgrade', { path })];
    if (answer.status === 101) return [bad('doctor-upgrade-wrong', { path })];
    const proxy = proxyAtPort(patient);
    const upstream = upstreamAt(patient, path);
    const direct = upstream && (await patient.upstream(upstream, true));
    if (proxy && direct && !(direct instanceof ProbeFault) && direct.isUpgraded) {
      return [
        bad('doctor-upgrade-lost', { path, status: answer.status, server: proxy.config.server, file: proxy.path }),
      ];
    }
    return [doubt('doctor-upgrade-refused', { path, status: answer.status })];
  },
};
