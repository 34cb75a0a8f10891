import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configJsonSchema } from './json-schema.ts';
import { DEFAULTS } from './normalise.ts';
import { SEARCH_PLACES } from './search-places.ts';
import { validate } from './validate.ts';

interface Node {
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly anyOf?: readonly Node[];
  readonly items?: Node;
}

const schema = configJsonSchema() as Node;

/** Every object of the schema, with its path. */
function objects(node: Node, path = ''): { path: string; properties: Readonly<Record<string, Node>> }[] {
  const here = node.properties ? [{ path, properties: node.properties }] : [];
  const inner = Object.entries(node.properties ?? {}).flatMap(([key, child]) => objects(child, `${path}.${key}`));
  return [
    ...here,
    ...inner,
    ...(node.anyOf ?? []).flatMap((option) => objects(option, path)),
    ...(node.items ? objects(node.items, `${path}[]`) : []),
  ];
}

describe('schema/rcssl.schema.json', () => {
  it('is what the code generates: vitest -u writes it', async () => {
    const file = join(import.meta.dirname, '../../schema/rcssl.schema.json');
    await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(file);
  });

  it('describes every key', () => {
    const all = objects(schema);
    const paths = all.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['', '.ca', '.defaults', '.hosts[]', '.hosts[].output.key', '.outDir']),
    );
    for (const { path, properties } of all) {
      for (const [key, node] of Object.entries(properties)) {
        expect(node.description, `${path}.${key}`).toMatch(/^.{10,}\.$/);
      }
    }
  });

  it('requires hosts alone, and no key that has a default', () => {
    expect(schema.required).toEqual(['hosts']);
    expect(schema.properties?.['ca']?.required).toBeUndefined();
  });

  it('tells the defaults that are filled in', () => {
    const { properties } = schema;
    const host = properties?.['hosts']?.items?.anyOf?.find((option) => option.properties)?.properties;
    const { config } = validate({ hosts: ['localhost'] }, { file: `/p/${SEARCH_PLACES[0]}` });
    expect(properties?.['outDir']?.default).toBe(DEFAULTS.outDir);
    expect(host?.['key']?.default).toBe(config?.hosts[0]?.key);
    expect(host?.['validity']?.default).toBe(DEFAULTS.host.validity);
    expect(host?.['lan']?.default).toBe(config?.hosts[0]?.lan);
    expect(host?.['reuseKey']?.default).toBe(config?.hosts[0]?.reuseKey);
    expect(host?.['usage']?.default).toEqual(config?.hosts[0]?.usage);
    expect(properties?.['ca']?.properties?.['name']?.default).toBe(config?.ca.name);
    expect(properties?.['ca']?.properties?.['key']?.default).toBe(config?.ca.key);
    expect(properties?.['ca']?.properties?.['validity']?.default).toBe(DEFAULTS.ca.validity);
  });
});
