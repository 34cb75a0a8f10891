import { expect, it } from 'vitest';
import { exactFirst } from './precedence.ts';

const host = (domains: readonly string[], addresses: readonly string[] = []) => ({ domains, addresses });

const names = (...hosts: readonly ReturnType<typeof host>[]) =>
  exactFirst(hosts).map(({ domains, addresses }) => [...domains, ...addresses].join(' '));

it('leaves hosts alone whose wildcards are true of nobody else', () => {
  expect(names(host(['b.test', '*.b.test', 'x.b.test']), host(['a.test']))).toEqual([
    'b.test *.b.test x.b.test',
    'a.test',
  ]);
});

it('places a wildcard behind the names of others that it is true of, and a longer one before a shorter', () => {
  expect(names(host(['*.dev.test']), host(['app.dev.test']))).toEqual(['app.dev.test', '*.dev.test']);
  expect(names(host(['*.test']), host(['*.a.test', 'a.test'], ['::1']))).toEqual(['a.test ::1', '*.a.test', '*.test']);
});

it('divides a host that has to stand in two places', () => {
  expect(names(host(['dev.test', '*.dev.test'], ['10.0.0.1']), host(['app.dev.test', '*.x.test']))).toEqual([
    'dev.test 10.0.0.1',
    'app.dev.test',
    '*.dev.test',
    '*.x.test',
  ]);
});
