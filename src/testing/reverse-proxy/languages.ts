import { REVERSE_PROXIES, SERVERS, type ProxyServer } from '../../reverse-proxy/registry.ts';
import type { ReverseProxy } from '../../reverse-proxy/site.ts';

const loaded = SERVERS.map(async (server) => [server, await REVERSE_PROXIES[server].load()] as const);

/** Every server of the registry, loaded. */
export const LANGUAGES = Object.fromEntries(await Promise.all(loaded)) as Readonly<Record<ProxyServer, ReverseProxy>>;
