import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type * as z from 'zod/mini';
import { configJsonSchema } from './json-schema.ts';
import type { configSchema } from './schema.ts';
import type { UserConfig } from './user-config.ts';

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
}

/** What each key of each interface says on hover. */
function hoverDocs(): Map<string, Map<string, string>> {
  const file = join(import.meta.dirname, 'user-config.ts');
  const text = readFileSync(file, 'utf8');
  const { program, comments } = parseSync(file, text);
  const docs = new Map<string, Map<string, string>>();
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'TSInterfaceDeclaration')
      continue;
    const { id, body } = statement.declaration;
    const keys = body.body.flatMap((member) => {
      if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') return [];
      const comment = comments.findLast(({ end }) => end < member.start);
      const words = (comment?.value ?? '')
        .replace(/^\*/, '')
        .replaceAll(/\s+\*?\s*/g, ' ')
        .trim();
      return [[member.key.name, words] as const];
    });
    docs.set(id.name, new Map(keys));
  }
  return docs;
}

/** A description as the interface has it: the default behind it. */
function inWords({ description = '', default: standard }: Node): string {
  if (standard === undefined) return description;
  return `${description} Default: \`${typeof standard === 'string' ? standard : JSON.stringify(standard)}\`.`;
}

function objectIn(node: Node | undefined): Node | undefined {
  return node?.properties
    ? node
    : [...(node?.anyOf ?? []), ...(node?.items ? [node.items] : [])].map(objectIn).find(Boolean);
}

describe('UserConfig', () => {
  it('is the input of the schema', () => {
    expectTypeOf<z.input<typeof configSchema>>().toExtend<UserConfig>();
    expectTypeOf<UserConfig>().toExtend<z.input<typeof configSchema>>();
  });

  it('says on hover what the schema says', () => {
    const docs = hoverDocs();
    const top = configJsonSchema() as Node;
    const host = objectIn(top.properties?.['hosts']);
    const ca = top.properties?.['ca'];
    const proxy = objectIn(top.properties?.['proxies']);
    const places: [string, Node | undefined][] = [
      ['UserConfig', top],
      ['UserCa', ca],
      ['UserConstraints', objectIn(ca?.properties?.['constraints'])],
      ['UserCaOutput', ca?.properties?.['output']],
      ['UserDefaults', top.properties?.['defaults']],
      ['UserHostOutput', host?.properties?.['output']],
      ['UserProxy', proxy],
      ['UserRoute', objectIn(proxy?.properties?.['routes'])],
      ['UserClientAuth', objectIn(proxy?.properties?.['clientAuth'])],
      ['UserOutput', objectIn(host?.properties?.['output']?.properties?.['key'])],
      ['UserFolder', objectIn(top.properties?.['outDir'])],
      ['UserSubject', ca?.properties?.['subject']],
    ];
    for (const [name, node] of places) {
      const wanted = Object.entries(node?.properties ?? {}).map(([key, child]) => [key, inWords(child)]);
      expect(wanted.length, name).toBeGreaterThan(0);
      expect(Object.fromEntries(docs.get(name) ?? []), name).toEqual(Object.fromEntries(wanted));
    }
    const own = Object.entries(host?.properties ?? {}).filter(([key]) => !docs.get('UserDefaults')?.has(key));
    expect(Object.fromEntries(docs.get('UserHost') ?? [])).toEqual(
      Object.fromEntries(own.map(([key, child]) => [key, inWords(child)])),
    );
  });
});
