/** What a configuration of each server is called where nothing else is said, and whether it wants key and chain in one file. */
export const PROXY_SERVERS = {
  nginx: { file: 'nginx.conf', combined: false },
  apache: { file: 'apache.conf', combined: false },
  caddy: { file: 'Caddyfile', combined: false },
  'caddy-json': { file: 'caddy.json', combined: false },
  haproxy: { file: 'haproxy.cfg', combined: true },
  lighttpd: { file: 'lighttpd.conf', combined: false },
  traefik: { file: 'traefik.yml', combined: false },
  envoy: { file: 'envoy.yaml', combined: false },
  iis: { file: 'web.config', combined: false },
  snap: { file: 'snap.Caddyfile', combined: false },
  compose: { file: 'compose.yml', combined: false },
  'compose-caddy': { file: 'compose-caddy.yml', combined: false },
  'compose-traefik': { file: 'compose-traefik.yml', combined: false },
  kubernetes: { file: 'gateway.yaml', combined: false },
  'kubernetes-ingress': { file: 'ingress.yaml', combined: false },
} as const;

export type ProxyServer = keyof typeof PROXY_SERVERS;
