import { doubt, good, type Check } from '../check.ts';

export const multicast: Check = {
  title: 'mDNS',
  about: 'A name under `.local` is announced by multicast DNS (RFC 6762), which is how phones find it.',
  cure: 'The machine that has the name announces it: macOS and Windows do, Linux with the package `avahi-daemon`.',
  after: [],
  async look({ server, ports }) {
    if (!server?.host.endsWith('.local')) return [];
    const { host } = server;
    const announced = await server.looks.announced();
    if (announced.length === 0) return [doubt('doctor-multicast-silent', { host, system: ports.computer().system })];
    const addresses = await server.looks.addresses();
    // A line in the hosts file, where the network says another thing.
    if (addresses.length > 0 && !announced.some((address) => addresses.includes(address))) {
      return [doubt('doctor-multicast-other', { host, announced, addresses })];
    }
    return [good('doctor-multicast', { host, announced })];
  },
};
