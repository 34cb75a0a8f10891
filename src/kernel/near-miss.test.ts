import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from './near-miss.ts';

const KEYS = ['name', 'altNames', 'lan', 'key', 'validity', 'renewBefore', 'reuseKey', 'usage', 'output'];

describe('nearest', () => {
  it.each([
    ['alNames', 'altNames'],
    ['altnames', 'altNames'],
    ['alt_names', 'altNames'],
    ['atlNames', 'altNames'],
    ['nmae', 'name'],
    ['validty', 'validity'],
    ['renew-before', 'renewBefore'],
    ['outputs', 'output'],
  ])('%s is meant to be %s', (word, wanted) => {
    expect(nearest(word, KEYS)).toBe(wanted);
  });

  it.each(['proxy', 'x', '', 'certificate', 'a'.repeat(1_000_000)])('%.20s is nothing of these', (word) => {
    expect(nearest(word, KEYS)).toBeUndefined();
  });

  it('prefers the nearer one, then the first', () => {
    expect(nearest('reuseKye', ['reuse', 'reuseKey'])).toBe('reuseKey');
    expect(nearest('aab', ['aaa', 'aac'])).toBe('aaa');
  });

  it('finds a word that one swap of neighbours, letter more or letter less has changed', () => {
    const word = fc.stringMatching(/^[a-z]{6,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), fc.constantFrom('swap', 'drop', 'double'), (original, where, how) => {
        const at = where % (original.length - 1);
        const [first = '', second = ''] = original.slice(at, at + 2);
        const middle = { swap: second + first, drop: second, double: first + first + second }[how];
        expect(nearest(original.slice(0, at) + middle + original.slice(at + 2), [original])).toBe(original);
      }),
    );
  });
});
