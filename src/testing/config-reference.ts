import { HOST_LINTS, ROOT_LINTS } from '../config/clients.ts';
import { configJsonSchema } from '../config/json-schema.ts';

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
}

/** Shown once, under their own heading: they stand in several places. */
const SHARED = ['subject', 'passphrase'];

/** The tables of docs/configuration.md, from the same schema and the same client table that judge a configuration. */
export function configReference(): string {
  const { properties = {} } = configJsonSchema() as Node;
  const hosts = objectIn(properties['hosts']?.items);
  const proxy = objectIn(properties['proxies']?.items);
  const table = (title: string, node: Node | undefined, prefix: string, depth = 0): string =>
    `### ${title}\n\n| key | meaning | default |\n|---|---|---|\n${rows(node, prefix, depth).join('\n')}\n`;
  return [
    table('Top level', { properties }, ''),
    table('`ca`', properties['ca'], 'ca.', 1),
    table('A host, and `defaults`', hosts, '', 1),
    table('A proxy', proxy, '', 1),
    table('A route of a proxy', objectIn(proxy?.properties?.['routes']?.items), ''),
    table('An output in full', objectIn(hosts?.properties?.['output']?.properties?.['key']), ''),
    table('`subject`', hosts?.properties?.['subject'], ''),
    `### What \`accept\` takes\n\n| id | warning | who, and since when | source |\n|---|---|---|---|\n${lints().join('\n')}\n`,
  ].join('\n');
}

function objectIn(node: Node | undefined): Node | undefined {
  return node?.properties ? node : node?.anyOf?.map(objectIn).find((found) => found !== undefined);
}

function rows(node: Node | undefined, prefix: string, depth: number): string[] {
  return Object.entries(node?.properties ?? {}).flatMap(([key, child]) => {
    const { description = '', default: standard } = child;
    const choices = child.enum ? ` One of ${child.enum.map((word) => `\`${word}\``).join(', ')}.` : '';
    const row = `| \`${prefix}${key}\` | ${cell(description + choices)} | ${standard === undefined ? '' : `\`${JSON.stringify(standard)}\``} |`;
    const inner = depth > 0 && !SHARED.includes(key) ? objectIn(child) : undefined;
    return [row, ...(inner?.properties?.['path'] ? [] : rows(inner, `${prefix}${key}.`, depth - 1))];
  });
}

function lints(): string[] {
  return Object.entries({ ...HOST_LINTS, ...ROOT_LINTS }).map(
    ([id, { text, who, source }]) => `| \`${id}\` | ${cell(text)} | ${cell(who)} | ${cell(source)} |`,
  );
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
