import { delimiter, dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findProgram, requireProgram, verdict } from './programs.ts';

test('a program is found on the PATH, and only there', () => {
  const env = { PATH: ['', '/nowhere', dirname(process.execPath)].join(delimiter) };
  expect(findProgram('node', env)).toMatch(/node(\.exe)?$/);
  expect(findProgram('node', { PATH: '/nowhere' })).toBeUndefined();
  expect(findProgram('node', {})).toBeUndefined();
});

test('a missing program skips on a machine of someone, and fails in CI', () => {
  expect(verdict([], true)).toBe('run');
  expect(verdict(['openssl'], false)).toBe('skip');
  expect(verdict(['openssl'], true)).toBe('fail');
});

describe.skipIf(process.env['CI'] === 'true')('what needs a program that nobody has', () => {
  requireProgram('rcssl-no-such-program');
  test('is skipped', () => {
    throw new Error('not skipped');
  });
});
