import { isIP } from 'node:net';
import { bad, doubt, good, type Check } from '../check.ts';

/** Loopback, RFC 1918, link-local, carrier-grade NAT; unique-local and link-local IPv6: nobody outside reaches these. */
const PRIVATE =
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd]|fe[89ab])/i;

export const name: Check = {
  title: 'name',
  about: 'The name has an address on this computer, and one of a private network.',
  cure: 'A line in the hosts file, or a name that needs none: everything under `.localhost`.',
  after: [],
  async look({ server, ports }) {
    if (!server || isIP(server.host) !== 0) return [];
    const { host } = server;
    const addresses = await server.looks.addresses();
    if (addresses.length === 0) return [bad('doctor-name-unknown', { host, system: ports.computer().system })];
    const open = addresses.filter((address) => !PRIVATE.test(address));
    if (open.length > 0) return [doubt('doctor-name-public', { host, addresses: open })];
    return [good('doctor-name', { host, addresses })];
  },
};
