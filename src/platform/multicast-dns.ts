import { createSocket } from 'node:dgram';
import type { NetworkLimits } from '../kernel/ports.ts';
import { addressesIn, question } from './dns-message.ts';

/** RFC 6762 section 3; IPv4 alone: a machine that announces itself does so there too, and tells its IPv6 addresses. */
const GROUP = { address: '224.0.0.251', port: 5353 };
/** Asked again once: a datagram may be lost (section 5.2: at least a second apart). */
const AGAIN = 1000;

/**
 * Asks once for the addresses of a name, from a port of its own, so that whoever has it answers here alone (RFC 6762 section
 * 5.1, 6.7). Empty where nobody answers in time, or this machine has no network.
 */
export function askMulticast(
  name: string,
  { timeout, signal }: NetworkLimits,
  group: typeof GROUP = GROUP,
): Promise<readonly string[]> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const { id, bytes } = question(name);
    const finish = (addresses: readonly string[]): void => {
      clearTimeout(late);
      clearInterval(again);
      signal?.removeEventListener('abort', nothing);
      socket.close();
      resolve(addresses);
    };
    const nothing = (): void => finish([]);
    const ask = (): void => socket.send(bytes, group.port, group.address, (error) => void (error && nothing()));
    const late = setTimeout(nothing, timeout);
    const again = setInterval(ask, AGAIN);
    signal?.addEventListener('abort', nothing, { once: true });
    socket.once('error', nothing);
    socket.on('message', (message) => {
      const addresses = addressesIn(message, id, name);
      if (addresses.length > 0) finish(addresses);
    });
    if (signal?.aborted) nothing();
    else ask();
  });
}
