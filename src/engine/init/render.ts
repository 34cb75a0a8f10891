import type { Draft } from './draft.ts';

export const CONFIG_FORMATS = ['ts', 'json', 'yaml'] as const;
export type ConfigFormat = (typeof CONFIG_FORMATS)[number];

/** The file that a format is written to. */
export function configFileName(format: ConfigFormat): string {
  return `rcssl.config.${format}`;
}

/** Relative to the configuration: there once rcssl is a dependency, and harmless where it is not. */
const SCHEMA = './node_modules/rcssl/schema/rcssl.schema.json';

export function renderConfig(draft: Draft, format: ConfigFormat): string {
  return { ts: renderTypeScript, json: renderJson, yaml: renderYaml }[format](draft);
}

function renderTypeScript({ ca, hosts: [host], advice }: Draft): string {
  return [
    "import { defineConfig } from 'rcssl';",
    '',
    '// What `rcssl apply` makes and keeps fresh. They go to certs/; commit this file, and never a key.',
    'export default defineConfig({',
    ...(ca
      ? [
          '  ca: {',
          `    name: ${quote(ca.name)},`,
          '    // The root lies in your data folder, so that it outlives this clone. To keep it here, with a passphrase:',
          "    // output: { key: 'certs/root.key', cert: 'certs/root.crt' },",
          "    // passphrase: { env: 'RCSSL_CA_PASSPHRASE' },",
          '  },',
        ]
      : []),
    '  hosts: [',
    '    {',
    `      name: ${quote(host.name)},`,
    `      altNames: [${host.altNames.map(quote).join(', ')}],`,
    `      lan: ${host.lan}, // the private addresses of this computer and its .local name too, for phones beside it`,
    '    },',
    "    // 'chat.local',",
    '  ],',
    '});',
    ...comment(advice, '// '),
    '',
  ].join('\n');
}

function renderYaml({ ca, hosts: [host], advice }: Draft): string {
  return [
    `# yaml-language-server: $schema=${SCHEMA}`,
    '# What `rcssl apply` makes and keeps fresh. They go to certs/; commit this file, and never a key.',
    ...(ca
      ? [
          'ca:',
          `  name: ${quote(ca.name)}`,
          '  # The root lies in your data folder, so that it outlives this clone. To keep it here, with a passphrase:',
          '  # output: { key: certs/root.key, cert: certs/root.crt }',
          '  # passphrase: { env: RCSSL_CA_PASSPHRASE }',
        ]
      : []),
    'hosts:',
    `  - name: ${quote(host.name)}`,
    `    altNames: [${host.altNames.map(quote).join(', ')}]`,
    '    # the private addresses of this computer and its .local name too, for phones beside it',
    `    lan: ${host.lan}`,
    "  # - 'chat.local'",
    ...comment(advice, '# '),
    '',
  ].join('\n');
}

function renderJson({ ca, hosts }: Draft): string {
  return `${JSON.stringify({ $schema: SCHEMA, ...(ca && { ca }), hosts }, undefined, 2)}\n`;
}

function comment(lines: readonly string[], sign: string): string[] {
  return lines.length === 0 ? [] : ['', ...lines.map((line) => sign + line)];
}

/** A single-quoted string; the texts are ours and hold neither quotes nor backslashes. */
function quote(text: string): string {
  return `'${text}'`;
}
