/** What a configuration of each server is called where nothing else is said, whether it wants key and chain in one file,
 * and whether it is a part of a configuration that is there already. */
export const PROXY_SERVERS = {
  nginx: { file: 'nginx.conf', combined: false, part: true },
  apache: { file: 'apache.conf', combined: false, part: true },
  caddy: { file: 'Caddyfile', combined: false, part: true },
  'caddy-json': { file: 'caddy.json', combined: false, part: false },
  haproxy: { file: 'haproxy.cfg', combined: true, part: true },
  lighttpd: { file: 'lighttpd.conf', combined: false, part: true },
  traefik: { file: 'traefik.yml', combined: false, part: false },
  envoy: { file: 'envoy.yaml', combined: false, part: false },
  iis: { file: 'web.config', combined: false, part: false },
  snap: { file: 'snap.Caddyfile', combined: false, part: false },
  compose: { file: 'compose.yml', combined: false, part: false },
  'compose-caddy': { file: 'compose-caddy.yml', combined: false, part: false },
  'compose-traefik': { file: 'compose-traefik.yml', combined: false, part: false },
  kubernetes: { file: 'gateway.yaml', combined: false, part: false },
} as const;

export type ProxyServer = keyof typeof PROXY_SERVERS;
