import { describe, expect, it } from 'vitest';
import type { Listener, Site } from '../reverse-proxy/site.ts';
import { listenersAway } from './listeners-away.ts';

const ports = (listen: readonly Listener[], redirectFrom: readonly Listener[] = []) => {
  const away = listenersAway({ listen, redirectFrom } as Site);
  return [...away.listen, ...away.redirectFrom].map(({ address, port }) => `${address}:${port}`);
};
const at = (port: number, address?: string): Listener => ({ address, port });

describe('the listeners of a check', () => {
  it('are on loopback, at ports that a user may take', () => {
    expect(ports([at(443), at(8443, '10.0.0.1')], [at(80)])).toEqual([
      '127.0.0.1:20443',
      '127.0.0.1:8443',
      '127.0.0.1:20080',
    ]);
  });

  it('are as many as were declared', () => {
    expect(ports([at(8443, '127.0.0.1'), at(8443, '::1')])).toEqual(['127.0.0.1:8443', '127.0.0.1:8444']);
    expect(ports([at(443), at(20_443)], [at(443, '::1')])).toEqual([
      '127.0.0.1:20443',
      '127.0.0.1:20444',
      '127.0.0.1:20445',
    ]);
    expect(ports([at(65_535), at(65_535, '::1')])).toEqual(['127.0.0.1:65535', '127.0.0.1:1024']);
  });
});
