import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('has every reason in docs/plan.md', () => {
  const source = readFileSync(new URL('types.ts', import.meta.url), 'utf8');
  const reasons = source.slice(source.indexOf('export type Reason'), source.indexOf('export type Reasons'));
  const codes = [...reasons.matchAll(/readonly code: '([a-z-]+)'/g)].map(([, code]) => code);
  const docs = readFileSync(new URL('../../docs/plan.md', import.meta.url), 'utf8');
  const documented = [...docs.slice(docs.indexOf('## Reasons')).matchAll(/`([a-z-]+)`/g)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !documented.includes(code))).toEqual([]);
});
