import { listServers, proxyText } from '../../engine/proxy.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { ProxyServer } from '../../engine/proxy-servers.ts';
import { proxyJson, serversJson, serversText } from '../../report/proxy.ts';
import { present, projectOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl proxy [SERVER]`; the parser has seen to it that the server is one. */
export async function run(call: Call): Promise<number> {
  const { args, flags } = call;
  const server = args[0] as ProxyServer | undefined;
  const { upstream, listen, 'redirect-from': redirectFrom, only, list } = flags;
  if (server === undefined || list) {
    if (server !== undefined) fail('cli-unexpected-argument', { argument: server, command: 'proxy --list' });
    if (!list && (upstream ?? listen ?? redirectFrom ?? only)) {
      fail('cli-missing-argument', { placeholder: 'SERVER', command: 'proxy' });
    }
    const servers = await listServers();
    await present(call, {
      text: () => serversText(servers, viewOf(call)),
      json: () => serversJson(servers),
      diagnostics: [],
    });
    return 0;
  }
  const result = await proxyText(worldOf(call), {
    ...projectOf(call),
    server,
    upstream,
    listen,
    redirectFrom,
    ...(only && { only }),
  });
  // The text is what was asked for, whoever wants to read nothing else.
  if (flags.quiet && !flags.json) call.io.out(result.text);
  else await present(call, { text: () => result.text, json: () => proxyJson(result), diagnostics: result.diagnostics });
  return 0;
}
