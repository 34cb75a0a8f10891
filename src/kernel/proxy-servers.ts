/** What a configuration of each server is called where nothing else is said, and whether it wants key and chain in one file. */
export const PROXY_SERVERS = {
  nginx: { file: 'nginx.conf', combined: false },
  apache: { file: 'apache.conf', combined: false },
  caddy: { file: 'Caddyfile', combined: false },
  'caddy-json': { file: 'caddy.json', combined: false },
  haproxy: { file: 'haproxy.cfg', combined: true },
  lighttpd: { file: 'lighttpd.conf', combined: false },
} as const;

export type ProxyServer = keyof typeof PROXY_SERVERS;
