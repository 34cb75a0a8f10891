import type { ReverseProxy } from './site.ts';

/** What is known of a server before its language is asked for. */
interface Entry {
  /** What its configuration is called where nothing else is said. */
  readonly file: string;
  /** The file that holds key and chain, where it wants one. */
  readonly also?: 'combined' | 'pfx';
  /** Its configuration is a part of one that is there already, unless it is declared to stand alone. */
  readonly part?: true;
  /** Its module: only what is declared is loaded. */
  readonly load: () => Promise<ReverseProxy>;
}

const entries = <Name extends string>(servers: Readonly<Record<Name, Entry>>) => servers;

/** Every server that rcssl writes for, a line each. */
export const REVERSE_PROXIES = entries({
  nginx: { file: 'nginx.conf', part: true, load: async () => (await import('./nginx.ts')).nginx },
  apache: { file: 'apache.conf', part: true, load: async () => (await import('./apache.ts')).apache },
  caddy: { file: 'Caddyfile', part: true, load: async () => (await import('./caddy.ts')).caddy },
  'caddy-json': { file: 'caddy.json', load: async () => (await import('./caddy-json.ts')).caddyJson },
  haproxy: {
    file: 'haproxy.cfg',
    also: 'combined',
    part: true,
    load: async () => (await import('./haproxy.ts')).haproxy,
  },
  lighttpd: { file: 'lighttpd.conf', part: true, load: async () => (await import('./lighttpd.ts')).lighttpd },
  traefik: { file: 'traefik.yml', load: async () => (await import('./traefik.ts')).traefik },
  envoy: { file: 'envoy.yaml', load: async () => (await import('./envoy.ts')).envoy },
  iis: { file: 'web.config', also: 'pfx', load: async () => (await import('./iis.ts')).iis },
  snap: { file: 'snap.Caddyfile', load: async () => (await import('./snap.ts')).snap },
  compose: { file: 'compose.yml', load: async () => (await import('./compose-fronts.ts')).composeNginx },
  'compose-caddy': {
    file: 'compose-caddy.yml',
    load: async () => (await import('./compose-fronts.ts')).composeCaddy,
  },
  'compose-traefik': {
    file: 'compose-traefik.yml',
    load: async () => (await import('./compose-fronts.ts')).composeTraefik,
  },
  kubernetes: { file: 'gateway.yaml', load: async () => (await import('./kubernetes.ts')).kubernetes },
  'kubernetes-ingress': {
    file: 'ingress.yaml',
    load: async () => (await import('./kubernetes-ingress.ts')).kubernetesIngress,
  },
});

export type ProxyServer = keyof typeof REVERSE_PROXIES;

export const SERVERS = Object.keys(REVERSE_PROXIES) as ProxyServer[];
