import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { FOLDERS, folderPairs, foldersInCycles, judge } from './architecture.ts';
import { readEdges } from './import-edges.ts';

const src = fileURLToPath(new URL('..', import.meta.url));
const entries = readdirSync(src, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const paths = files.map((file) => file.slice(src.length).split(sep).join('/'));
const sources = new Map(paths.map((path) => [path, readFileSync(join(src, path), 'utf8')]));
const folders = readdirSync(src, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const folderNames = folders.map(({ name }) => name).sort();
const edges = readEdges(sources);
const violations = judge(edges);

describe('the imports of src', () => {
  it('are as the table says', () => {
    expect(violations).toEqual([]);
  });

  it('go round in no circle, types and all', () => {
    expect(foldersInCycles(folderPairs(edges))).toEqual([]);
  });

  it('were read: every module of every folder, and every way there is to import', () => {
    expect(paths.filter((path) => !path.endsWith('.ts'))).toEqual([]);
    expect(folderNames.filter((name) => FOLDERS[name] === undefined)).toEqual([]);
    const readers = new Set(edges.map(({ from }) => from));
    const modules = paths.filter((path) => !path.endsWith('.test.ts'));
    expect(modules.length).toBeGreaterThan(150);
    expect(readers.size).toBeGreaterThan(0.75 * modules.length);
    expect(folderNames.filter((name) => ![...readers].some((path) => path.startsWith(`${name}/`)))).toEqual([]);
    expect(edges.length).toBeGreaterThan(600);
    const seen = new Set(edges.map(({ from, specifier, way }) => `${from} → ${specifier} (${way})`));
    for (const known of [
      'api.ts → ./engine/plan.ts (static)',
      'config/load/fresh-import.ts → url.href (dynamic)',
      'index.ts → ./api.ts (dynamic)',
      'index.ts → ./config/user-config.ts (type)',
      'index.ts → ./diagnostics/diagnostic.ts (static)',
      'pki/age.ts → age-encryption (dynamic)',
      'pki/asn1.ts → node-forge/lib/asn1.js (dynamic)',
      'pki/node-forge.d.ts → node-forge (type)',
    ])
      expect(seen).toContain(known);
  });
});

describe('the table', () => {
  it('has no circle itself', () => {
    const pairs = Object.entries(FOLDERS).flatMap(([from, row]) => {
      const { code = [], types = [] } = row === 'anything' ? {} : row;
      return [...code, ...types].map((to) => [from, to.split('/', 1)[0] ?? to] as const);
    });
    expect(pairs.length).toBeGreaterThan(40);
    expect(foldersInCycles(pairs)).toEqual([]);
  });

  it('in ARCHITECTURE.md names every folder there is and no other', () => {
    const text = readFileSync(join(src, '../ARCHITECTURE.md'), 'utf8');
    const section = text.slice(text.indexOf('\n## Folders'), text.indexOf('\n## Invariants'));
    const named = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.sort()).toEqual(folderNames);
  });
});

// The module, what it says, the import in it that is against the table.
const planted: readonly [what: string, from: string, text: string, specifier: string, way?: string][] = [
  ['a folder of no row', 'plan/a.ts', "import { draw } from '../apply/draw.ts'", '../apply/draw.ts'],
  ['code where types may be', 'plan/a.ts', "import { parse } from '../config/path.ts'", '../config/path.ts'],
  [
    'types where nothing may be',
    'pki/a.ts',
    "import type { C } from '../config/types.ts'",
    '../config/types.ts',
    'type',
  ],
  ['a type as one name of many', 'report/a.ts', "import { type P, x } from '../engine/plan.ts'", '../engine/plan.ts'],
  ['an inline type, which runs', 'report/a.ts', "import { type P } from '../engine/plan.ts'", '../engine/plan.ts'],
  ['code where types may be, of one module', 'plan/a.ts', "import { x } from '../pki/facts.ts'", '../pki/facts.ts'],
  ['side effects alone', 'report/a.ts', "import '../engine/plan.ts'", '../engine/plan.ts'],
  ['import()', 'engine/a.ts', "await import('../cli/main.ts')", '../cli/main.ts', 'dynamic'],
  ['import() of a variable', 'engine/a.ts', 'const x = (y) => import(y)', 'y', 'dynamic'],
  ['typeof import()', 'pki/a.ts', "type P = typeof import('../plan/plan.ts')", '../plan/plan.ts', 'type'],
  ['import().X', 'pki/a.ts', "let p: import('../plan/plan.ts').P", '../plan/plan.ts', 'type'],
  ['export … from', 'apply/a.ts', "export { makePlan } from '../plan/compare.ts'", '../plan/compare.ts'],
  ['export * from', 'kernel/a.ts', "export * from '../pki/pem.ts'", '../pki/pem.ts'],
  ['export type * from', 'kernel/a.ts', "export type * from '../pki/pem.ts'", '../pki/pem.ts', 'type'],
  ['import = require', 'kernel/a.ts', "import pem = require('../pki/pem.ts')", '../pki/pem.ts'],
  [
    'an import with attributes',
    'plan/a.ts',
    "import x from '../trust/a.json' with { type: 'json' }",
    '../trust/a.json',
  ],
  ['diagnostics in the kernel', 'kernel/a.ts', "import '../diagnostics/diagnostic.ts'", '../diagnostics/diagnostic.ts'],
  ['tests in what is tested', 'cli/a.ts', "import '../testing/project.ts'", '../testing/project.ts'],
  ['what is not src', 'plan/a.ts', "import x from '../../package.json'", '../../package.json'],
  ['the public API from within', 'engine/a.ts', "import { plan } from '../index.ts'", '../index.ts'],
  ['the package by its name', 'engine/a.ts', "import { plan } from 'rcssl'", 'rcssl'],
  ['a folder that nobody knows', 'testing/a.ts', "import '../utils/a.ts'", '../utils/a.ts'],
  ['from a folder that nobody knows', 'utils/a.ts', "import '../kernel/ids.ts'", '../kernel/ids.ts'],
  ['a file', 'plan/a.ts', "import { statSync } from 'node:fs'", 'node:fs'],
  ['a file, its prefix left out', 'plan/a.ts', "import { stat } from 'fs/promises'", 'fs/promises'],
  ['a process', 'engine/a.ts', "await import('node:child_process')", 'node:child_process', 'dynamic'],
  ['a socket beside isIP', 'engine/a.ts', "import { isIP, connect as isIPv4 } from 'node:net'", 'node:net'],
  ['all of node:net', 'engine/a.ts', "import * as net from 'node:net'", 'node:net'],
  ['a file beside the loader', 'config/load.ts', "import 'node:fs'", 'node:fs'],
  ['node-forge in the engine', 'engine/a.ts', "import forge from 'node-forge'", 'node-forge'],
  [
    'node-forge beside asn1.ts',
    'pki/pkcs12.ts',
    "await import('node-forge/lib/pki.js')",
    'node-forge/lib/pki.js',
    'dynamic',
  ],
  ['node-forge at every start', 'pki/asn1.ts', "import forge from 'node-forge'", 'node-forge'],
  ['age beside its module', 'engine/a.ts', "await import('age-encryption')", 'age-encryption', 'dynamic'],
  ['age at every start', 'pki/age.ts', "import { Encrypter } from 'age-encryption'", 'age-encryption'],
  ['listr2 in the commands', 'cli/a.ts', "import type { Listr } from 'listr2'", 'listr2', 'type'],
  ['zod in the report', 'report/a.ts', "import * as z from 'zod/mini'", 'zod/mini'],
  ['a package of no row', 'apply/a.ts', "import x from '@scope/pad/x.js'", '@scope/pad/x.js'],
];

test.each(planted)('%s is found', (_what, from, text, specifier, way = 'static') => {
  const found = judge(readEdges(new Map([[from, text]])));
  expect(found).toEqual([{ from, specifier, way, why: expect.any(String) }]);
});

test('what is planted among all of src is found there, and the rest stays as it is', () => {
  const withPlanted = new Map(sources).set('plan/planted.ts', "import { readFileSync } from 'node:fs'");
  const why = 'it touches the world';
  expect(judge(readEdges(withPlanted))).toEqual([
    ...violations,
    { from: 'plan/planted.ts', specifier: 'node:fs', way: 'static', why },
  ]);
});

test.each([
  ['plan/a.ts', "import type { C } from '../config/types.ts'; import { nameKey } from '../pki/names.ts'"],
  ['report/a.ts', "export type * from '../engine/types.ts'; import { fail } from '../diagnostics/diagnostic.ts'"],
  ['engine/a.ts', "import { isIP } from 'node:net'; await import('../apply/lock.ts'); import('./b.ts')"],
  [
    'platform/a.ts',
    "import { stat } from 'fs/promises'; import 'node:http2'; import type { World } from '../kernel/ports.ts'",
  ],
  ['pki/a.test.ts', "import '../cli/main.ts'; import 'node:fs'; import 'node-forge'"],
  ['testing/a.ts', "import '../cli/main.ts'; import { createServer } from 'node:http'; import 'vitest'"],
])('%s may say: %s', (from, text) => {
  expect(judge(readEdges(new Map([[from, text]])))).toEqual([]);
});

test('a circle is found whatever its length', () => {
  const text = (to: string) => `import type { X } from '../${to}/x.ts'`;
  const round = new Map([
    ['config/a.ts', text('pki')],
    ['pki/a.ts', text('plan')],
    ['plan/a.ts', text('config')],
    ['cli/a.ts', text('plan')],
  ]);
  expect(foldersInCycles(folderPairs(readEdges(round)))).toEqual(['config', 'pki', 'plan']);
});

test('a module that does not parse is no module without imports', () => {
  expect(() => readEdges(new Map([['plan/a.ts', 'import { from']]))).toThrow('plan/a.ts: ');
});
