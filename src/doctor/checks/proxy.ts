import { bad, doubt, good, type Check } from '../check.ts';
import { proxiesFor, proxyAtPort } from '../proxies.ts';

export const proxy: Check = {
  title: 'proxy',
  about: 'The port that was asked is that of the declared reverse proxy, and not that of the app behind it.',
  cure: "Ask for the proxy's port; 443 needs none in the address.",
  after: [],
  look(patient) {
    const { server } = patient;
    const proxies = proxiesFor(patient);
    const [first] = proxies;
    if (!server || !first) return [];
    const { host, port } = server;
    const here = proxyAtPort(patient);
    if (here) return [good('doctor-port-of-proxy', { port, server: here.config.server, path: here.path })];
    const [listen] = first.config.listen;
    const url = `https://${host}${listen === undefined || listen.port === 443 ? '' : `:${listen.port}`}`;
    const isApp = proxies.some(({ config }) =>
      config.routes.some(({ upstreams }) => upstreams.some((upstream) => upstream.port === port)),
    );
    if (isApp) return [bad('doctor-port-of-app', { port, url })];
    return [doubt('doctor-port-of-nobody', { port, url, path: first.path })];
  },
};
