import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ProxyServer } from '../reverse-proxy/registry.ts';
import { LANGUAGES } from '../testing/reverse-proxy/languages.ts';
import { Unwritable, type Site } from '../reverse-proxy/site.ts';
import { requireProgram } from '../testing/programs.ts';
import { hostileNames } from '../testing/reverse-proxy/hostile-names.ts';

/*
 * The servers that no test runs: what is written for them, read by somebody else's reader. Whatever a path holds, it is found
 * again as it was, or rcssl has refused it.
 */

requireProgram('python3');

// Debian's has the reader of YAML; another one that comes first on the PATH may not.
const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const READER = fileURLToPath(new URL('../../fixtures/readers/read-back.py', import.meta.url));

type Kind = 'yaml' | 'shell' | 'xml';

function readBack(texts: readonly (readonly [Kind, string])[]): unknown[] {
  const { stdout, stderr } = spawnSync(PYTHON, [READER], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown[];
}

interface Case {
  readonly key: string;
  readonly chain: string;
  readonly texts: readonly string[];
}

function siteOf(key: string, chain: string): Site {
  return {
    name: 'x',
    output: '/proxy/site',
    folder: undefined,
    listen: [{ address: undefined, port: 8443 }],
    redirectFrom: [{ address: undefined, port: 8080 }],
    hosts: [
      {
        domains: ['app.test'],
        addresses: [],
        key,
        chain,
        combined: '',
        pfx: key,
        clientAuth: undefined,
        routes: [{ path: '/', upstreams: [{ tls: false, host: 'app', port: 3000 }] }],
      },
    ],
    maxBody: 1000,
    hsts: undefined,
    modules: '',
  };
}

/** What is written for each name that is not refused: most are not. */
function casesOf(server: ProxyServer): Case[] {
  const names = hostileNames();
  const { write, more } = LANGUAGES[server];
  const cases = names.flatMap((name): Case[] => {
    const [key, chain] = [`/c/x${name}/k${name}`, `/c/x${name}/c${name}.pem`];
    try {
      const site = siteOf(key, chain);
      return [{ key, chain, texts: [write(site, 'made'), ...(more?.(site, 'made') ?? []).map(({ text }) => text)] }];
    } catch (error) {
      if (error instanceof Unwritable) return [];
      throw error;
    }
  });
  expect(cases.length).toBeGreaterThan(names.length / 3);
  return cases;
}

/** Every text in a value, at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
/** What Go's templates make of a text of ours. */
const templated = (text: string): string => text.replaceAll('{{"{{"}}', '{{');
const undollared = (text: string): string => text.replaceAll('$$', '$');

describe('what is YAML holds each path', () => {
  it.each(['traefik', 'envoy'] as const)('%s', (server) => {
    const cases = casesOf(server);
    const found = readBack(cases.map(({ texts }) => ['yaml', templated(texts.join('\n---\n'))]));
    cases.forEach(({ key, chain }, n) => expect(textsIn(found[n])).toEqual(expect.arrayContaining([key, chain])));
  });

  it.each(['compose', 'compose-caddy', 'compose-traefik'] as const)('%s, by its folder', (server) => {
    const cases = casesOf(server);
    const found = readBack(cases.map(({ texts: [text = ''] }) => ['yaml', text]));
    cases.forEach(({ key }, n) => {
      const texts = textsIn(found[n]);
      expect(texts.map(undollared)).toContain(folderOf(key));
      // No `$` that Compose would take for the beginning of a name.
      expect(texts.filter((text) => text.replaceAll('$$', '').includes('$'))).toEqual([]);
    });
  });
});

/** The words of each command in a comment. */
function commandsIn(text: string, program: string): [Kind, string][] {
  const lines = text.split('\n').filter((line) => line.startsWith(`#   ${program} `));
  return lines.map((line) => ['shell', line.slice(1).replace(/ \| .*$/, '')]);
}

describe('what is a command for a shell names each path', () => {
  it.each(['kubernetes', 'kubernetes-ingress'] as const)('%s, in resources that do not change', (server) => {
    const cases = casesOf(server);
    const words = readBack(cases.flatMap(({ texts: [text = ''] }) => commandsIn(text, 'kubectl create')));
    cases.forEach(({ key, chain }, n) =>
      expect(words[n]).toEqual(expect.arrayContaining([`--key=${key}`, `--cert=${chain}`])),
    );
    const resources = readBack(cases.map(({ texts: [text = ''] }) => ['yaml', text]));
    expect(new Set(resources.map((found) => JSON.stringify(found))).size).toBe(1);
  });

  it('snap, in a Caddyfile that does not change', () => {
    const cases = casesOf('snap');
    const all = readBack(cases.flatMap(({ texts: [text = ''] }) => commandsIn(text, 'sudo install'))) as string[][];
    cases.forEach(({ key, chain }, n) => {
      // The Caddyfile, the chain, the key.
      const own = all.slice(n * 3, n * 3 + 3).map((list) => list[4]);
      expect(own).toEqual(['/proxy/site', chain, key]);
    });
    const rest = cases.map(({ texts: [text = ''] }) => text.replaceAll(/^#.*$/gm, ''));
    expect(new Set(rest).size).toBe(1);
  });
});

it('iis: XML of one comment and one element, whose commands name each path', () => {
  const cases = casesOf('iis');
  const found = readBack(cases.map(({ texts: [text = ''] }) => ['xml', text])) as string[][];
  cases.forEach(({ key }, n) => {
    const [comment = '', element, ...others] = found[n] ?? [];
    expect([element, ...others]).toEqual(['configuration']);
    // What PowerShell takes for a quotation mark, twice, is one (about_Quoting_Rules).
    const literal = /'((?:[^'\u2018-\u201b]|(['\u2018-\u201b])\2)*)'/g;
    const line = comment.split('\n').find((one) => one.startsWith('  $pfx = ')) ?? '';
    const paths = [...line.matchAll(literal)].map(([, text = '']) => text.replaceAll(/(['\u2018-\u201b])\1/g, '$1'));
    expect(paths).toEqual([key, '', 'MachineKeySet,PersistKeySet']);
  });
});
