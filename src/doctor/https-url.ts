import { isIPv6 } from 'node:net';

/** `https://chat.local:8443`; 443 is not said. */
export function httpsUrl(host: string, port: number): string {
  return `https://${isIPv6(host) ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`;
}
