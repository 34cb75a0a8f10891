/** What a configuration of each server is called where nothing else is said, the file that holds key and chain where it
 * wants one, and whether it is a part of a configuration that is there already. */
export const PROXY_SERVERS = {
  nginx: { file: 'nginx.conf', also: undefined, part: true },
  apache: { file: 'apache.conf', also: undefined, part: true },
  caddy: { file: 'Caddyfile', also: undefined, part: true },
  'caddy-json': { file: 'caddy.json', also: undefined, part: false },
  haproxy: { file: 'haproxy.cfg', also: 'combined', part: true },
  lighttpd: { file: 'lighttpd.conf', also: undefined, part: true },
  traefik: { file: 'traefik.yml', also: undefined, part: false },
  envoy: { file: 'envoy.yaml', also: undefined, part: false },
  iis: { file: 'web.config', also: 'pfx', part: false },
  snap: { file: 'snap.Caddyfile', also: undefined, part: false },
  compose: { file: 'compose.yml', also: undefined, part: false },
  'compose-caddy': { file: 'compose-caddy.yml', also: undefined, part: false },
  'compose-traefik': { file: 'compose-traefik.yml', also: undefined, part: false },
  kubernetes: { file: 'gateway.yaml', also: undefined, part: false },
  'kubernetes-ingress': { file: 'ingress.yaml', also: undefined, part: false },
} as const;

export type ProxyServer = keyof typeof PROXY_SERVERS;
