import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEVELOPMENT, missingFrom, parsePermit, permits, subtreeFor, widen, type Subtrees } from './constraints.ts';
import { parseName, type AltName } from './names.ts';

function name(text: string): AltName {
  const parsed = parseName(text);
  if (!('name' in parsed)) throw new Error(text);
  return parsed.name;
}

const label = fc.constantFrom('a', 'b', 'test', 'com');
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));
const range = fc.constantFrom(
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.3/32',
  '::1/128',
  'fe80::/10',
  'fe80::1/128',
  '0.0.0.0/0',
);
const subtrees: fc.Arbitrary<Subtrees> = fc.record({
  dns: fc.array(domain, { maxLength: 6 }),
  ip: fc.array(range, { maxLength: 4 }),
});

test.each([
  ['*.mydomain.com', { dns: 'mydomain.com' }],
  ['mydomain.com', { dns: 'mydomain.com' }],
  ['8.8.8.8', { ip: '8.8.8.8/32' }],
  ['2001:db8::1', { ip: '2001:db8::1/128' }],
  ['https://a.test/', undefined],
  ['a@b.test', undefined],
])('to sign for %s takes %o', (text, expected) => expect(subtreeFor(name(text))).toEqual(expected));

test.each([
  ['example.org', { dns: 'example.org' }],
  ['.Example.org', { dns: 'example.org' }],
  ['*.example.org', { dns: 'example.org' }],
  ['10.1.0.0/16', { ip: '10.1.0.0/16' }],
  ['8.8.8.8', { ip: '8.8.8.8/32' }],
  ['FC00::/7', { ip: 'fc00::/7' }],
  ['10.1.0.1/16', { problem: 'bad-ip', detail: '10.1.0.1/16' }],
  ['..example.org', { problem: 'empty-label' }],
  ['a@b.test', { problem: 'bad-email', detail: 'a@b.test' }],
  ['', { problem: 'empty' }],
])('the permit %j is %o', (text, expected) => expect(parsePermit(text)).toEqual(expected));

describe('permits', () => {
  test.each([
    'localhost',
    'a.localhost',
    '*.chat.test',
    'chat.local',
    '192.168.1.20',
    '127.1.2.3',
    '::1',
    'fd00::1',
    'https://bank.com/',
    'a@bank.com',
  ])('the development root may sign for %s', (text) => expect(permits(DEVELOPMENT, name(text))).toBe(true));

  test.each(['bank.com', '*.com', 'mylocalhost', '8.8.8.8', '172.32.0.1', '2001:db8::1'])('but not for %s', (text) =>
    expect(permits(DEVELOPMENT, name(text))).toBe(false),
  );

  test('a type that is not listed is unrestricted', () => {
    expect(permits({ dns: ['test'], ip: [] }, name('8.8.8.8'))).toBe(true);
    expect(permits({ dns: [], ip: ['10.0.0.0/8'] }, name('bank.com'))).toBe(true);
  });
});

test('widening leaves out what is covered', () => {
  expect(widen(DEVELOPMENT, { dns: ['chat.test', 'mydomain.com'], ip: ['10.1.0.0/16', '8.8.8.8/32'] })).toEqual({
    dns: ['home.arpa', 'internal', 'local', 'localhost', 'mydomain.com', 'test'],
    ip: [...DEVELOPMENT.ip, '8.8.8.8/32'].sort(),
  });
  expect(widen(DEVELOPMENT, { dns: [], ip: [] })).toEqual(DEVELOPMENT);
});

test('missingFrom names what is not covered', () => {
  expect(missingFrom(DEVELOPMENT, { dns: ['chat.test', 'mydomain.com'], ip: ['10.1.0.0/16', '8.8.8.8/32'] })).toEqual([
    'mydomain.com',
    '8.8.8.8/32',
  ]);
});

test('a union lacks nothing of either part, is the same from both sides, and is minimal', () => {
  fc.assert(
    fc.property(subtrees, subtrees, (a, b) => {
      const union = widen(a, b);
      expect(missingFrom(union, a)).toEqual([]);
      expect(missingFrom(union, b)).toEqual([]);
      expect(widen(b, a)).toEqual(union);
      expect(widen(union, a)).toEqual(union);
      for (const base of union.dns) {
        expect(
          missingFrom({ dns: union.dns.filter((other) => other !== base), ip: [] }, { dns: [base], ip: [] }),
        ).toEqual([base]);
      }
    }),
  );
});
