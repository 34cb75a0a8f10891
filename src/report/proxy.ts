import type { ProxyText, ServerEntry } from '../engine/proxy.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { screen } from './plan.ts';
import { wrapWords } from './rows.ts';
import type { View } from './view.ts';

/** The screen of `rcssl proxy --list`: a block a server, a place with its command a system. */
export function serversText(servers: readonly ServerEntry[], view: View): string {
  const blocks = servers.map(({ server, title, places }) => [
    `${server}${title.toLowerCase() === server ? '' : `  ${view.paint('dim', title)}`}`,
    ...places.flatMap(({ system, file, enable }) => [
      `  ${system}`,
      ...wrapWords(file, view.width - 4).map((line) => `    ${line}`),
      ...wrapWords(enable, view.width - 6).map((line, n) => `    ${n === 0 ? '$ ' : '    '}${line}`),
    ]),
  ]);
  return screen([
    ...blocks,
    wrapWords(
      `${view.command} proxy SERVER prints its configuration; declared under proxies, apply writes it`,
      view.width,
    ),
  ]);
}

/** The value of `rcssl proxy --list --json`. */
export function serversJson(servers: readonly ServerEntry[]): object {
  return { formatVersion: 1, command: 'proxy', servers, diagnostics: [] };
}

/** The value of `rcssl proxy SERVER --json`. */
export function proxyJson({ root, config, server, title, text, diagnostics }: ProxyText): object {
  return {
    formatVersion: 1,
    command: 'proxy',
    root,
    config: pathFrom(root, config),
    server,
    title,
    text,
    diagnostics: diagnosticsJson(diagnostics, root),
  };
}
