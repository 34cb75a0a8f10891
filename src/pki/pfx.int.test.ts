import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scratchProject, summary } from '../testing/project.ts';
import { readPfx } from './pfx.ts';
import { readPkcs12 } from './pkcs12.ts';
import { PkiError } from './pki-error.ts';

const CONFIG = {
  ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  defaults: { key: 'ecdsa-p256' },
  hosts: ['app.test'],
  proxies: [{ server: 'iis' }],
};

it('is planned, renewed and mended like the files that it follows', async () => {
  const project = scratchProject(CONFIG);
  await project.apply();
  const bytes = (): Buffer => readFileSync(project.path('certs/app.test.pfx'));
  const before = bytes();
  expect(await project.plan()).toMatchObject({ complete: true });
  await project.apply();
  expect(bytes()).toEqual(before);

  await project.apply({ force: ['app.test'] });
  const { certificates, publicKeys } = await readPkcs12(bytes(), undefined);
  const { publicKey } = certificates[0]?.facts ?? {};
  expect(publicKeys).toEqual([publicKey]);
  expect(readPfx(bytes()).chain).toEqual(certificates.map(({ der }) => der));
  expect(bytes()).not.toEqual(before);

  project.write('certs/app.test.pfx', before);
  expect(summary(await project.plan())).toEqual(['replace pfx host:app.test: stale']);
  project.write('certs/app.test.pfx', 'nonsense');
  expect(summary(await project.plan())).toEqual(['replace pfx host:app.test: malformed']);
  project.remove('certs/app.test.pfx');
  expect(summary(await project.plan())).toEqual(['create pfx host:app.test: missing']);
  await project.apply();
  expect(await project.plan()).toMatchObject({ complete: true });
});

it('that was changed anywhere is malformed, and is no crash', async () => {
  const project = scratchProject(CONFIG);
  await project.apply();
  const whole = readFileSync(project.path('certs/app.test.pfx'));
  const refused = (bytes: Buffer): void => {
    try {
      readPfx(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(PkiError);
      return;
    }
    expect(bytes).toEqual(whole);
  };
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const changed = Buffer.from(whole);
      changed[at] = byte;
      refused(changed);
      refused(whole.subarray(0, at));
    }),
  );
});
