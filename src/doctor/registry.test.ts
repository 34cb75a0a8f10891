import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describe as words, diagnostic, type Code } from '../diagnostics/diagnostic.ts';
import { doctorProjectTemplates } from '../diagnostics/doctor-project-templates.ts';
import { doctorProxyTemplates, doctorServerTemplates } from '../diagnostics/doctor-templates.ts';
import { checksTable } from './docs.ts';
import { CHECK_IDS } from './ids.ts';
import { CHECKS } from './registry.ts';

const inRoot = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

it('docs/doctor.md has the table of the registry: vitest -u writes it', async () => {
  const file = new URL('../../docs/doctor.md', import.meta.url).pathname;
  const page = inRoot('docs/doctor.md');
  const from = '<!-- Made from src/doctor/registry.ts; a test holds it against that. -->\n\n';
  const [before = '', rest = ''] = page.split(from);
  const after = rest.replace(/^(?:\|.*\n)*\n*/, '');
  await expect(`${before}${from}${checksTable()}\n\n${after}`).toMatchFileSnapshot(file);
});

describe('the checks', () => {
  it('wait only for those that stand before them', () => {
    for (const [index, id] of CHECK_IDS.entries()) {
      for (const other of CHECKS[id].after) expect([id, CHECK_IDS.indexOf(other) < index]).toEqual([id, true]);
    }
  });

  it('have titles of their own that fit their column', () => {
    const titles = CHECK_IDS.map((id) => CHECKS[id].title);
    expect(new Set(titles).size).toBe(titles.length);
    expect(Math.max(...titles.map(({ length }) => length))).toBeLessThan(13);
  });
});

const NUMBERS = ['until', 'from', 'first', 'now', 'theirs', 'seconds', 'port', 'status', 'count'];
const LISTS = ['names', 'addresses', 'announced'];

/** Arguments of every kind that a template may want, by their names. */
const ARGS = new Proxy(
  {},
  {
    get: (_, name) => {
      if (['proxy', 'other', 'instead', 'fix'].includes(String(name))) return undefined;
      if (NUMBERS.includes(String(name))) return 1e12;
      return LISTS.includes(String(name)) ? ['a.test'] : 'a.local';
    },
  },
);

it('every failure has its fix, and every text is lower case without a full stop', () => {
  const all = { ...doctorServerTemplates, ...doctorProxyTemplates, ...doctorProjectTemplates };
  for (const code of Object.keys(all) as Code[]) {
    const told = diagnostic(code, ARGS as never);
    const { text, hint } = words(told);
    // Those of a server's own words get theirs from the check.
    const isGiven = ['doctor-expired', 'doctor-ends-soon'].includes(code);
    if (told.severity !== 'note' && !isGiven) expect([code, hint]).toEqual([code, expect.any(String)]);
    for (const each of [text, hint ?? '']) expect(each).not.toMatch(/^[A-Z][a-z]|\.$/);
  }
});
