import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Files } from '../kernel/ports.ts';
import { createWorld } from '../platform/world.ts';
import { certificatesIn, SYSTEM_BUNDLES, systemBundle } from './system-bundle.ts';

const world = createWorld({ env: {} });

const holding = (found: Readonly<Record<string, string>>): Files => ({
  ...world.files,
  read: (path) => (path in found ? Buffer.from(found[path] ?? '') : undefined),
});

test('the generated file comes before what links to it', async () => {
  const files = holding(Object.fromEntries(SYSTEM_BUNDLES.map((path) => [path, `of ${path}`])));
  expect(await systemBundle({ ...world, files })).toEqual({
    path: '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
    pem: 'of /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  });
});

test.each(['macos', 'windows'] as const)('%s is asked for its roots, whatever files there are', async (system) => {
  const computer = () => ({ ...world.computer(), system });
  const files = holding({ '/etc/ssl/cert.pem': 'of Apple' });
  const systemRoots = () => Promise.resolve(['one', 'two\n']);
  expect(await systemBundle({ files, computer, systemRoots })).toEqual({ path: undefined, pem: 'one\ntwo\n' });
});

test('without a file Node is asked, and this machine trusts certificates', async () => {
  const { path, pem } = await systemBundle({ ...world, files: holding({}) });
  expect(path).toBeUndefined();
  const roots = certificatesIn(pem);
  const here = certificatesIn((await systemBundle(world)).pem);
  expect(here.length).toBeGreaterThan(0);
  expect(here.map((der) => new X509Certificate(der).subject).every(Boolean)).toBe(true);
  expect(roots.length).toBeGreaterThan(0);
});

test('what is no PEM has no certificates', () => {
  expect(certificatesIn('nothing')).toEqual([]);
});
