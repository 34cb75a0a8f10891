/** In the order of the screen: from the wire to the certificate, then what the project and this computer have to say. */
export const CHECK_IDS = [
  'name',
  'multicast',
  'port',
  'https',
  'served',
  'covers',
  'expiry',
  'chain',
  'proxy',
  'redirect',
  'websocket',
  'upstream',
  'files',
  'keys',
  'trust',
  'clients',
  'clock',
  'hsts',
  'domain',
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/** Those of `rcssl proxy check`: what a reverse proxy is there for. */
export const PROXY_CHECK_IDS: readonly CheckId[] = [
  'name',
  'port',
  'https',
  'served',
  'covers',
  'expiry',
  'chain',
  'proxy',
  'redirect',
  'websocket',
  'upstream',
];
