import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from './json-fault.ts';

describe('jsonFault', () => {
  it.each([
    ['{ "a": 1, }', 10, 'a comma before it'],
    ['[1 2]', 3, ', or ] is wanted'],
    ["{ 'a': 1 }", 2, 'double quotes'],
    ['{ a: 1 }', 2, 'key or } is wanted'],
    ['{ "a" 1 }', 6, ': is wanted'],
    ['{ "a": 01 }', 7, 'value is wanted'],
    ['// x\n{}', 0, 'no comments'],
    ['{} {}', 3, 'follows the end'],
    ['["a\nb"]', 1, 'does not end'],
    ['{ "a": ', 7, 'the text ends'],
    ['', 0, 'the text ends'],
    ['[1]]', 3, 'follows the end'],
    ['{ "a": }', 7, 'value is wanted'],
    ['["\\x"]', 1, 'an escape'],
    ['nul', 0, 'value is wanted'],
  ])('%j', (text, offset, why) => {
    const fault = jsonFault(text);
    expect(fault.offset).toBe(offset);
    expect(fault.why).toContain(why);
  });

  it('finds a fault in all that JSON.parse refuses, at or before the end', () => {
    const broken = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '}', ']', '"', ':', 'x', '\\'))
      .map(
        ([json, where, sign]) =>
          json.slice(0, where % (json.length + 1)) + sign + json.slice((where % (json.length + 1)) + 1),
      );
    fc.assert(
      fc.property(broken, (text) => {
        try {
          JSON.parse(text);
          return;
        } catch {
          const { offset, why } = jsonFault(text);
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(why).toMatch(/^not JSON: /);
        }
      }),
    );
  });
});
