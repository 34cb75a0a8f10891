import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('docs/reliability.md names a test for every fault, and each exists', () => {
  const docs = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
  const rows = docs
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const named = rows.slice(1).map(
    (row) =>
      row
        .split('|')
        .at(-2)
        ?.match(/[\w/-]+(?:\.\w+)*\.test\.ts/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(25);
  expect(rows.slice(1).filter((_, index) => named[index]?.length === 0)).toEqual([]);
  expect(named.flat().filter((name) => !existsSync(new URL(`../${name}`, import.meta.url)))).toEqual([]);
});
