import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { requireProgram } from '../testing/programs.ts';
import { startApp } from '../testing/reverse-proxy/app.ts';
import {
  ADDRESS,
  CLOSED,
  CLOSED_HOST,
  CLOSED_HOST_BESIDE_ADDRESS,
  closedHost,
  EXACT,
  EXACT_BEFORE_WILDCARD,
  exactBeforeWildcard,
  WILDCARD,
} from '../testing/reverse-proxy/closed-hosts.ts';
import { HOST } from '../testing/reverse-proxy/check.ts';
import { expectedLimits } from '../testing/reverse-proxy/known-limits.ts';
import { RUN_SERVERS, type RunServer } from '../testing/reverse-proxy/servers.ts';
import { runSite } from '../testing/reverse-proxy/site.ts';

/** What a check finds, in the words of the table; a server may be refused the whole. */
async function found(server: RunServer, what: string, check: () => Promise<void>): Promise<void> {
  const wrong: string[] = [];
  await check().catch((error: Error) => {
    const refused = error instanceof RcsslError && error.diagnostics.some(({ code }) => code === 'proxy-unservable');
    wrong.push(`${what}: ${refused ? 'rcssl refuses to write it' : error.message}`);
  });
  expect(wrong).toEqual(expectedLimits(server, [what], wrong));
}

describe.each(RUN_SERVERS)('%s', (server, program) => {
  requireProgram(program);

  it.each([false, true])(
    'asks for a certificate for the host that it belongs to (with an address: %s)',
    async (address) => {
      const what = address ? CLOSED_HOST_BESIDE_ADDRESS : CLOSED_HOST;
      await found(server, what, async () => {
        const hosts = [CLOSED, { name: 'local.test', altNames: [ADDRESS] }];
        const more = {
          hosts: address ? ['local.test', HOST, CLOSED] : [HOST, CLOSED],
          clientAuth: { hosts: [CLOSED] },
        };
        const { at, client } = await runSite(server, more, {}, hosts);
        await closedHost(at, client, { address });
      });
    },
  );

  it('keeps a name for its own host, though a wildcard stands before it', async () => {
    const { port } = await startApp();
    // lighttpd asks either of all hosts or of none.
    const closed = server !== 'lighttpd';
    await found(server, EXACT_BEFORE_WILDCARD, async () => {
      const more = {
        hosts: [WILDCARD, HOST, EXACT],
        routes: [{ host: EXACT, upstream: `http://127.0.0.1:${port}` }],
        ...(closed && { clientAuth: { hosts: [EXACT] } }),
      };
      const { at, client } = await runSite(server, more, {}, [WILDCARD, EXACT]);
      await exactBeforeWildcard(at, client, { port, closed });
    });
  });
});
