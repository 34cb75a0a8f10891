import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPath, parsePath, valueAt } from './path.ts';

describe('a path', () => {
  it('reads as one would write it', () => {
    expect(formatPath(['hosts', 1, 'output', 'cert'])).toBe('hosts[1].output.cert');
    expect(formatPath(['my-key', 0])).toBe('["my-key"][0]');
    expect(formatPath([])).toBe('');
  });

  it('is read back as it was', () => {
    // A key of digits is an index of a list to whoever reads it; a configuration has no such keys.
    const key = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(), key)), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });

  it('leads to the value, or to nothing', () => {
    const config = { hosts: ['a', { name: 'b' }] };
    expect(valueAt(config, ['hosts', 1, 'name'])).toBe('b');
    expect(valueAt(config, ['hosts', 0, 'name'])).toBeUndefined();
    expect(valueAt(null, ['hosts'])).toBeUndefined();
  });
});
