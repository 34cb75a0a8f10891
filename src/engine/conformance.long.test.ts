import { describe, expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { CHECKS, mutualTls } from '../testing/reverse-proxy/conformance.ts';
import { expectedLimits } from '../testing/reverse-proxy/known-limits.ts';
import { RENEWAL_CHECKS, renewals } from '../testing/reverse-proxy/renewals.ts';
import { ROUTE_CHECKS, routes } from '../testing/reverse-proxy/routes.ts';
import { RUN_SERVERS } from '../testing/reverse-proxy/servers.ts';
import { foreignClient, runSite } from '../testing/reverse-proxy/site.ts';

const MB = 1024 * 1024;

describe.each(RUN_SERVERS)('%s', (server, program) => {
  requireProgram(program);

  it('does what it is declared for, and what it cannot do is known', async () => {
    const { at, running } = await runSite(server);
    const wrong: string[] = [];
    for (const { what, run } of CHECKS) {
      await run(at, { maxBody: 200 * MB, sockets: 500 }).catch((error: Error) =>
        wrong.push(`${what}: ${error.message}`),
      );
    }
    expect(wrong.toSorted(), running.said().slice(-2000)).toEqual(
      expectedLimits(
        server,
        CHECKS.map(({ what }) => what),
        wrong,
      ),
    );
  });

  it.each([false, true])('lets only clients with a certificate in, or those without too (%s)', async (optional) => {
    const { at, client } = await runSite(server, { clientAuth: { optional } });
    // lighttpd looks at no certificate that it does not insist on, as its plan says.
    const foreign = server === 'lighttpd' && optional ? undefined : await foreignClient();
    await mutualTls(at, client, { foreign, optional });
  });

  it('keeps a client with one of several instances, and knows paths', async () => {
    const wrong = await routes(server);
    expect(wrong.toSorted()).toEqual(expectedLimits(server, ROUTE_CHECKS, wrong));
  });

  it('serves on while certificates are renewed', async () => {
    const { wrong, told } = await renewals(await runSite(server), { times: 10, requests: 1000, sockets: 500 });
    expect(wrong.toSorted(), told.join('\n')).toEqual(expectedLimits(server, RENEWAL_CHECKS, wrong));
  });
});
