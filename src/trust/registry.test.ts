import { expect, test } from 'vitest';
import { describedComputer } from '../testing/trust/computer.ts';
import {
  encodeRegistry,
  forget,
  placesKnown,
  readRegistry,
  registryPath,
  remember,
  type Registry,
} from './registry.ts';

const FOLDER = '/home/ada/.local/share/rcssl/trust';
const ROOT = { fingerprint: 'ab'.repeat(32), pem: 'PEM' };
const PLACE = { store: 'firefox', at: '/profile', since: 1, project: '/project' } as const;

const read = (text: string) =>
  readRegistry(describedComputer({ files: { [registryPath(FOLDER)]: text } }).ports.files, FOLDER);

test('what is remembered is read again, once, and forgotten place by place', () => {
  const other = { ...PLACE, at: '/other', store: 'java' } as const;
  const registry = [PLACE, other, PLACE].reduce<Registry>((all, place) => remember(all, ROOT, 'Root', place), []);
  expect(read(encodeRegistry(registry).toString())).toEqual(registry);
  expect(registry).toMatchObject([{ ca: 'Root', places: [PLACE, other] }]);
  expect(placesKnown(registry, 'java')).toEqual(['/other']);
  // The moment and the project of the first time stay.
  expect(remember(registry, ROOT, 'Root', { ...PLACE, since: 2, project: '/elsewhere' })).toBe(registry);
  const left = forget(registry, ROOT, 'firefox', '/profile');
  expect(left).toMatchObject([{ places: [other] }]);
  expect(forget(left, ROOT, 'java', '/other')).toEqual([]);
});

test('none is empty; one that cannot be read, or is newer, stops the run: to forget would leave roots behind', () => {
  expect(readRegistry(describedComputer({}).ports.files, FOLDER)).toEqual([]);
  const broken = ['', 'null', '{}', '{"formatVersion":1}', '{"formatVersion":1,"roots":[{"fingerprint":"x"}]}'];
  for (const text of broken) {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ diagnostics: [expect.objectContaining({ code: 'trust-registry-broken' })] }),
    );
  }
  expect(() => read('{"formatVersion":2,"roots":[]}')).toThrow(/newer/);
});
