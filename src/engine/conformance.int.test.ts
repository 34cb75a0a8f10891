import { expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { CHECKS } from '../testing/reverse-proxy/conformance.ts';
import { runSite } from '../testing/reverse-proxy/site.ts';

requireProgram('nginx');

// All servers at full size: conformance.long.test.ts.
it('nginx runs what is written for it', async () => {
  const { at, running } = await runSite('nginx', { maxBody: '1mb' });
  for (const { what, run } of CHECKS) {
    await run(at, { maxBody: 1024 * 1024, sockets: 20 }).catch((error: Error) => {
      throw new Error(`${what}: ${error.message}\n${running.said()}`);
    });
  }
  expect(CHECKS.length).toBeGreaterThan(10);
});
