import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import { parse, parseExpressionAt, type AnyNode, type Expression, type Program, type SpreadElement } from 'acorn';
import type { Place } from '../../diagnostics/diagnostic.ts';
import { silenceLoaderWarnings } from '../load/warnings.ts';
import type { Spot } from './spot.ts';

const OPTIONS = { ecmaVersion: 'latest', allowReturnOutsideFunction: true, allowHashBang: true } as const;

/** Where everything stands in a JSON text: JSON is an expression of JavaScript. */
export function jsonSpots(text: string): Spot {
  return spotOf(parseExpressionAt(text, 0, OPTIONS), undefined, new Map());
}

/** Where everything stands in what a module exports by default; undefined if that is computed. */
export function scriptSpots(file: string, text: string): Spot | undefined {
  const program = parseScript(file, text);
  const constants = constantsOf(program);
  const exported = exportedBy(program);
  const config = exported && configIn(exported, constants);
  return config && spotOf(config, undefined, constants);
}

/** The first place in a file where it stops to be JavaScript; undefined if it is. */
export function findSyntaxError(file: string): Place | undefined {
  try {
    parseScript(file, readFileSync(file, 'utf8'));
    return undefined;
  } catch (error) {
    const loc =
      error instanceof SyntaxError && 'loc' in error ? (error.loc as { line: number; column: number }) : undefined;
    return loc && { file, line: loc.line, column: loc.column + 1 };
  }
}

function parseScript(file: string, text: string): Program {
  // Stripping puts blanks where the types were, so that every offset stays.
  const plain = /^\.[mc]?ts$/.test(extname(file)) ? strip(text) : text;
  try {
    return parse(plain, { ...OPTIONS, sourceType: 'module' });
  } catch (error) {
    // What is no module may still be CommonJS, which allows more.
    if (/^\.(?:mjs|mts)$/.test(extname(file)) || /^\s*(?:import|export)\b/m.test(plain)) throw error;
    return parse(plain, { ...OPTIONS, sourceType: 'script' });
  }
}

function strip(text: string): string {
  const unsilence = silenceLoaderWarnings();
  try {
    return stripTypeScriptTypes(text, { mode: 'strip' });
  } finally {
    unsilence();
  }
}

type Constants = ReadonlyMap<string, Expression>;

function constantsOf(program: Program): Constants {
  const declarations = program.body.flatMap((statement) => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    return declared?.type === 'VariableDeclaration' && declared.kind === 'const' ? declared.declarations : [];
  });
  return new Map(
    declarations.flatMap(({ id, init }) => (id.type === 'Identifier' && init ? [[id.name, init] as const] : [])),
  );
}

/** `export default …`, `module.exports = …` */
function exportedBy(program: Program): AnyNode | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return statement.declaration;
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue;
    const { left, right } = statement.expression;
    if (left.type === 'MemberExpression' && left.property.type === 'Identifier' && left.property.name === 'exports')
      return right;
  }
  return undefined;
}

/** The object itself, through `defineConfig( )`, a function that only returns it, `await` and constants of the file. */
function configIn(node: AnyNode, constants: Constants, depth = 0): Expression | undefined {
  if (depth > 8) return undefined;
  const further = (inner: AnyNode | null | undefined): Expression | undefined =>
    inner ? configIn(inner, constants, depth + 1) : undefined;
  switch (node.type) {
    case 'ObjectExpression':
      return node;
    case 'CallExpression':
      return node.arguments.length === 1 ? further(node.arguments[0]) : undefined;
    case 'AwaitExpression':
      return further(node.argument);
    case 'Identifier':
      return further(constants.get(node.name));
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'FunctionDeclaration': {
      if (node.body.type !== 'BlockStatement') return further(node.body);
      const last = node.body.body.at(-1);
      return last?.type === 'ReturnStatement' ? further(last.argument) : undefined;
    }
    default:
      return undefined;
  }
}

function spotOf(node: Expression | SpreadElement, key: number | undefined, constants: Constants, depth = 0): Spot {
  const children = new Map<PropertyKey, Spot>();
  let computed = false;
  if (depth > 40) return { key, value: node.start, children, computed: true };
  if (node.type === 'ObjectExpression') {
    for (const property of node.properties) {
      const name = property.type === 'Property' ? nameOf(property) : undefined;
      if (property.type === 'Property' && name !== undefined) {
        children.set(name, spotOf(property.value, property.key.start, constants, depth + 1));
      } else computed = true;
    }
  } else if (node.type === 'ArrayExpression') {
    for (const [index, element] of node.elements.entries()) {
      // After `...others` no index is known.
      if (element?.type === 'SpreadElement') computed = true;
      else if (element && !computed) children.set(index, spotOf(element, undefined, constants, depth + 1));
    }
  } else if (node.type === 'Identifier') {
    const constant = constants.get(node.name);
    if (constant) return { ...spotOf(constant, key, constants, depth + 1), key };
    computed = true;
  } else {
    computed = node.type !== 'Literal';
  }
  return { key, value: node.start, children, computed };
}

function nameOf(property: { computed: boolean; key: AnyNode }): string | undefined {
  if (property.key.type === 'Literal') return String(property.key.value);
  return !property.computed && property.key.type === 'Identifier' ? property.key.name : undefined;
}
