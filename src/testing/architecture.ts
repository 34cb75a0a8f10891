import { COMPUTED, type Edge } from './import-edges.ts';

/** What may be imported: folders below src, or single modules of one. `code` includes its types. */
interface Imports {
  readonly code?: readonly string[];
  readonly types?: readonly string[];
}

/** Who may import whom. Everyone may import its own folder, `diagnostics` and `kernel`; the kernel only itself. */
export const FOLDERS: Readonly<Record<string, Imports | 'anything'>> = {
  kernel: {},
  diagnostics: {},
  config: {
    code: ['pki/names.ts', 'pki/constraints.ts', 'pki/key-kinds.ts', 'trust/store-ids.ts', 'reverse-proxy/registry.ts'],
    types: ['pki/subject.ts'],
  },
  pki: {},
  formats: { code: ['pki'] },
  'reverse-proxy': { code: ['formats'] },
  desired: { code: ['pki', 'formats', 'reverse-proxy'], types: ['config'] },
  inventory: { code: ['pki', 'formats'], types: ['desired'] },
  // Comparing names and subtrees is its job, and those two modules are as pure as it is (ARCHITECTURE.md).
  plan: { code: ['pki/names.ts', 'pki/constraints.ts'], types: ['config', 'desired', 'inventory', 'pki'] },
  // The profile to sign is declared by what is desired.
  issuers: { code: ['pki'], types: ['desired'] },
  hooks: {},
  // An issuer only signs: keys, requests and PEM are made here. Of the plan it walks the actions and makes none.
  apply: {
    code: ['inventory', 'issuers', 'formats', 'hooks', 'pki', 'plan/actions.ts'],
    types: ['plan', 'desired'],
  },
  trust: { code: ['pki'] },
  doctor: { code: ['inventory', 'trust', 'pki'], types: ['config'] },
  // All above but kernel and diagnostics, which everyone may.
  engine: {
    code: 'config pki formats reverse-proxy desired inventory plan issuers hooks apply trust doctor'.split(' '),
  },
  watch: { code: ['engine'] },
  'dev-proxy': { code: ['engine'] },
  enrol: { code: ['engine', 'pki'] },
  // What the engine returns is made of plans and of facts about certificates.
  report: { code: ['pki/constraints.ts'], types: ['engine', 'watch', 'enrol', 'plan', 'pki'] },
  platform: {},
  cli: { code: ['engine', 'watch', 'dev-proxy', 'enrol', 'report', 'platform'] },
  testing: 'anything',
  // The public API: what is called stands in api.ts, which index.ts loads at the first call.
  'api.ts': { code: ['engine', 'config', 'platform', 'watch'] },
  // An entry point of its own, on the public API.
  'node.ts': { code: ['index.ts'], types: ['api.ts', 'engine', 'watch'] },
  'index.ts': { code: ['api.ts'], types: ['engine', 'config', 'plan', 'watch'] },
};

/** What is not in src, and who alone may import it. `lazy`: its code only by `import()`, since most runs never need it. */
const OUTSIDE: Readonly<Record<string, { readonly by: readonly string[]; readonly lazy?: true }>> = {
  acorn: { by: ['config/locate'] },
  'age-encryption': { by: ['pki/age.ts'], lazy: true },
  chokidar: { by: ['watch'] },
  cosmiconfig: { by: ['config'] },
  'js-yaml': { by: ['config/load', 'config/locate'] },
  listr2: { by: ['apply'], lazy: true },
  'node-forge': { by: ['pki/asn1.ts', 'pki/node-forge.d.ts'], lazy: true },
  qr: { by: ['enrol/qr.ts'], lazy: true },
  zod: { by: ['config'] },
  '../package.json': { by: ['cli/version.ts'] },
  // A configuration in TypeScript or JavaScript is a module whose name only its user knows.
  [COMPUTED]: { by: ['config/load/fresh-import.ts'] },
};

/** Node's modules that touch no world; every other one is for those who may. */
const PURE_BUILTINS = ['node:crypto', 'node:path', 'node:url', 'node:util'];
const PURE_PARTS: Readonly<Record<string, readonly string[]>> = { 'node:net': ['isIP', 'isIPv4', 'isIPv6'] };
const WORLDLY: readonly string[] = ['platform', 'cli', 'config/load', 'config/locate', 'node.ts'];

/** `index.ts`, `api.ts` and `node.ts` stand for themselves. */
function folderOf(path: string): string {
  return path.split('/', 1)[0] ?? path;
}

function isInside({ specifier, target }: Edge): boolean {
  return specifier.startsWith('.') && !target.startsWith('../');
}

function covers(entries: readonly string[], path: string): boolean {
  return entries.some((entry) => path === entry || path.startsWith(`${entry}/`));
}

function admits({ code = [], types = [] }: Imports, { way, target }: Edge): boolean {
  return covers(code, target) || (way === 'type' && covers(types, target));
}

/** What the table has against an import; undefined if nothing. */
function objection(edge: Edge): string | undefined {
  const folder = folderOf(edge.from);
  const row = FOLDERS[folder];
  if (row === undefined) return `the table has no ${folder}`;
  if (isInside(edge)) return objectionInside(edge, folder, row);
  return row === 'anything' ? undefined : objectionOutside(edge);
}

function objectionInside(edge: Edge, folder: string, row: Imports | 'anything'): string | undefined {
  const other = folderOf(edge.target);
  if (FOLDERS[other] === undefined) return `the table has no ${other}`;
  if (row === 'anything' || other === folder || other === 'kernel') return undefined;
  if ((other === 'diagnostics' && folder !== 'kernel') || admits(row, edge)) return undefined;
  return admits(row, { ...edge, way: 'type' }) ? 'only its types, by `import type`' : `not for ${folder}`;
}

function objectionOutside({ from, target, way, names }: Edge): string | undefined {
  if (target.startsWith('node:')) {
    const parts = PURE_PARTS[target] ?? [];
    const isPure = PURE_BUILTINS.includes(target) || (names.length > 0 && names.every((name) => parts.includes(name)));
    return isPure || covers(WORLDLY, from) ? undefined : 'it touches the world';
  }
  const outside = OUTSIDE[target];
  if (outside === undefined) return `the table has no ${target}`;
  if (!covers(outside.by, from)) return `only for ${outside.by.join(', ')}`;
  return outside.lazy && way === 'static' ? 'loaded when it is needed, by import()' : undefined;
}

export interface Violation extends Pick<Edge, 'from' | 'specifier' | 'way'> {
  readonly why: string;
}

/** Every import that is against the table. */
export function judge(edges: readonly Edge[]): Violation[] {
  return edges.flatMap((edge) => {
    const why = objection(edge);
    const { from, specifier, way } = edge;
    return why === undefined ? [] : [{ from, specifier, way, why }];
  });
}

/** The folders that reach themselves by way of others. */
export function foldersInCycles(imports: Iterable<readonly [from: string, to: string]>): string[] {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of imports) if (from !== to) graph.set(from, (graph.get(from) ?? new Set()).add(to));
  const reach = (from: string, seen = new Set<string>()): Set<string> => {
    for (const to of graph.get(from) ?? []) if (!seen.has(to)) reach(to, seen.add(to));
    return seen;
  };
  return [...graph.keys()].filter((folder) => reach(folder).has(folder)).sort();
}

/** From which folder to which these imports go, within src. */
export function folderPairs(edges: readonly Edge[]): (readonly [from: string, to: string])[] {
  return edges.filter(isInside).map(({ from, target }) => [folderOf(from), folderOf(target)] as const);
}
