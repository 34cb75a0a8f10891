export { SERVERS, type ProxyServer } from '../reverse-proxy/registry.ts';
