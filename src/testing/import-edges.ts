import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** The target of an `import()` whose argument is no literal. */
export const COMPUTED = 'import(…)';

/** `type` is erased; `static` and `dynamic` run the code of the target. */
export interface Edge {
  /** The file, relative to src. */
  readonly from: string;
  readonly specifier: string;
  /** A path relative to src, the name of a package, or `node:…`. */
  readonly target: string;
  readonly way: 'type' | 'static' | 'dynamic';
  /** The names imported; `*` for all. */
  readonly names: readonly string[];
}

/** Every import of these sources (path relative to src → text) but those of tests, which may import anything. */
export function readEdges(sources: ReadonlyMap<string, string>): Edge[] {
  return [...sources].filter(([from]) => !from.endsWith('.test.ts')).flatMap(([from, text]) => edgesOf(from, text));
}

/** Throws where the source doesn't parse: half of a module would have half of its imports. */
function edgesOf(from: string, text: string): Edge[] {
  const { program, errors } = parseSync(from, text);
  if (errors[0]) throw new Error(`${from}: ${errors[0].message}`);
  const edges: Edge[] = [];
  const add = (specifier: string, way: Edge['way'], names: readonly string[], target = targetOf(from, specifier)) =>
    edges.push({ from, specifier, target, way, names });
  const nameOf = (name: { readonly name: string } | { readonly value: string }) =>
    'name' in name ? name.name : name.value;
  // `import { type X }` is no type import: `verbatimModuleSyntax` leaves `import {}` of it, which runs the module.
  const way = (kind: string | undefined) => (kind === 'type' ? 'type' : 'static');
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers }) => {
      const names = specifiers.map((part) => (part.type === 'ImportSpecifier' ? nameOf(part.imported) : '*'));
      add(source.value, way(importKind), names);
    },
    ExportNamedDeclaration: ({ source, exportKind, specifiers }) => {
      const names = specifiers.map(({ local }) => nameOf(local));
      if (source) add(source.value, way(exportKind), names);
    },
    ExportAllDeclaration: ({ source, exportKind }) => add(source.value, way(exportKind), ['*']),
    ImportExpression: ({ source }) => {
      if (source.type === 'Literal' && typeof source.value === 'string') add(source.value, 'dynamic', ['*']);
      else add(text.slice(source.start, source.end), 'dynamic', ['*'], COMPUTED);
    },
    TSImportType: ({ source }) => add(source.value, 'type', ['*']),
    TSExternalModuleReference: ({ expression }) => add(expression.value, 'static', ['*']),
  }).visit(program);
  return edges;
}

function targetOf(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  if (isBuiltin(specifier)) return `node:${specifier.replace(/^node:/, '')}`;
  return /^(@[^/]+\/)?[^/]*/.exec(specifier)?.[0] ?? specifier;
}
