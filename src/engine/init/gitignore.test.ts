import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ignoreAddition, ignorePatterns, missingPatterns } from './gitignore.ts';

const folder = resolve('/project');
const patternsFor = (...paths: string[]): string[] =>
  ignorePatterns(
    folder,
    paths.map((path) => join(folder, path)),
    [],
  );

test('one line a folder and ending, sorted, and the state folder last', () => {
  const secret = ['certs/b.key', 'root.pem', 'certs/a.key', 'certs/tls/key'];
  expect(patternsFor(...secret)).toEqual(['/*.pem', '/certs/*.key', '/certs/tls/key', '/.rcssl/']);
});

test('by name where a file that is no secret has the same ending beside it', () => {
  const [key, certificate] = [join(folder, 'certs/a.key.pem'), join(folder, 'certs/a.pem')];
  expect(ignorePatterns(folder, [key], [certificate])).toEqual(['/certs/a.key.pem', '/.rcssl/']);
  expect(ignorePatterns(folder, [key], [join(folder, 'a.pem')])).toEqual(['/certs/*.pem', '/.rcssl/']);
});

test('what lies outside the folder is left out', () => {
  expect(patternsFor('../elsewhere/a.key')).toEqual(['/.rcssl/']);
});

test('characters that mean something to git are escaped', () => {
  expect(patternsFor('a[b]*/x?.key')).toEqual([String.raw`/a\[b]\*/*.key`, '/.rcssl/']);
});

test.each([
  ['', ['/certs/*.key', '/.rcssl/']],
  ['node_modules\n/certs/*.key\n', ['/.rcssl/']],
  ['certs/*.key\r\n.rcssl\r\n', []],
  ['/certs/\n/.rcssl\n', []],
  ['certs\n.rcssl/\n', []],
  ['*.key\n**/x\n', ['/.rcssl/']],
  ['/*.key\n', ['/certs/*.key', '/.rcssl/']],
  ['certs/*.key/\n.rcssl/\n', ['/certs/*.key']],
  ['#/certs/*.key\n', ['/certs/*.key', '/.rcssl/']],
  ['certs/\n!certs/dev.key\n/.rcssl/\n', ['/certs/*.key']],
])('%j lacks %j', (text, missing) => {
  expect(missingPatterns(text, ['/certs/*.key', '/.rcssl/'])).toEqual(missing);
});

test('an addition keeps the line ends and finishes an unfinished line', () => {
  expect(ignoreAddition('', ['/x'])).toBe('# rcssl: private keys and its own state\n/x\n');
  expect(ignoreAddition('a\r\nb', ['/x'])).toBe('\r\n\r\n# rcssl: private keys and its own state\r\n/x\r\n');
});

test('whatever the file says, after the addition nothing is missing and no line of it has changed', () => {
  const line = fc.constantFrom('certs', '!x', '# c', '/certs/*.key', '', ' ', '*.key', 'é');
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\n'), (lines, end, last) => {
      const before = lines.join(end) + last;
      const patterns = ['/certs/*.key', '/.rcssl/'];
      const addition = ignoreAddition(before, missingPatterns(before, patterns));
      expect(missingPatterns(before + addition, patterns)).toEqual([]);
      expect(before === '' || before.endsWith('\n') || /^\r?\n/.test(addition)).toBe(true);
    }),
  );
});
