import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { parse, type Program } from 'acorn';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };

// Read, not imported: the file runs the command when it is loaded.
const source = readFileSync(join(import.meta.dirname, 'bin.ts'), 'utf8');

/**
 * As the JavaScript of ECMAScript 2019, which is what Node 12.20 has, the first that reads `node:` in an import. It has
 * dynamic imports too, though these are of 2020: they stand for a call here.
 */
function parsedAsOld(): Program {
  const script = stripTypeScriptTypes(source).replaceAll(/\bimport\(/g, 'load(');
  return parse(script, { ecmaVersion: 2019, sourceType: 'module', allowHashBang: true });
}

describe('bin.ts', () => {
  it('asks for the Node that package.json names', () => {
    expect(/^const ENGINES = '(.*)';$/m.exec(source)?.[1]).toBe(manifest.engines.node);
  });

  it('names ranges of the two kinds alone that it can read', () => {
    for (const range of manifest.engines.node.split(' || ')) expect(range).toMatch(/^(\^\d+\.\d+|>=\d+(\.\d+)?)$/);
  });

  it('is syntax that an old Node can read', () => {
    expect(parsedAsOld).not.toThrow();
  });

  it('imports nothing: an old Node may not have it', () => {
    expect(parsedAsOld().body.filter(({ type }) => /^(Import|Export)/.test(type))).toEqual([]);
  });

  it('loads the rest dynamically', () => {
    expect(source.match(/import\('(.*)'\)/g)).toEqual([`import('./main.ts')`]);
  });
});
