/** What a configuration of each server is called where nothing else is said, and the file that holds key and chain, where it wants one. */
export const PROXY_SERVERS = {
  nginx: { file: 'nginx.conf', also: undefined },
  apache: { file: 'apache.conf', also: undefined },
  caddy: { file: 'Caddyfile', also: undefined },
  'caddy-json': { file: 'caddy.json', also: undefined },
  haproxy: { file: 'haproxy.cfg', also: 'combined' },
  lighttpd: { file: 'lighttpd.conf', also: undefined },
  traefik: { file: 'traefik.yml', also: undefined },
  envoy: { file: 'envoy.yaml', also: undefined },
  iis: { file: 'web.config', also: 'pfx' },
  snap: { file: 'snap.Caddyfile', also: undefined },
  compose: { file: 'compose.yml', also: undefined },
  'compose-caddy': { file: 'compose-caddy.yml', also: undefined },
  'compose-traefik': { file: 'compose-traefik.yml', also: undefined },
  kubernetes: { file: 'gateway.yaml', also: undefined },
  'kubernetes-ingress': { file: 'ingress.yaml', also: undefined },
} as const;

export type ProxyServer = keyof typeof PROXY_SERVERS;
