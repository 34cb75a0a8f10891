import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES, commandNamed } from './commands.ts';
import { cliDocs } from './docs.ts';

/** The Markdown of a command, from its heading to the next. */
function section(name: string): string {
  return cliDocs().split(`## rcssl ${name}\n`)[1]?.split('\n## ')[0] ?? '';
}

describe('docs/cli.md', () => {
  it('is what the tables generate: vitest -u writes it', async () => {
    await expect(cliDocs()).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/cli.md'));
  });

  it.each(COMMAND_NAMES)('tells each flag of %s once', (name) => {
    const { flags = [], meanings = {} } = commandNamed(name) ?? {};
    const rows = section(name).matchAll(/^\| `(?:-\w, )?--([a-z-]+)/gm);
    const told = Array.from(rows, ([, flag]) => flag).sort();
    expect(told).toEqual([...new Set([...flags, ...Object.keys(meanings)])].sort());
  });

  it('has two cells in every row', () => {
    const rows = cliDocs()
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows.filter((row) => row.split(/(?<!\\)\|/).length !== 4)).toEqual([]);
  });
});
