import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { covers, fileNameFor, formatName, isWildcard, nameKey, parseName, type AltName } from './names.ts';

const dns = (value: string): AltName => ({ type: 'dns', value });

describe('parseName', () => {
  test.each([
    ['Chat.Local', 'dns:chat.local'],
    ['localhost', 'dns:localhost'],
    ['*.MyDomain.com', 'dns:*.mydomain.com'],
    ['my_host.test', 'dns:my_host.test'],
    ['straße.test', 'dns:xn--strae-oqa.test'],
    ['*.BÜCHER.test', 'dns:*.xn--bcher-kva.test'],
    ['xn--bcher-kva.test', 'dns:xn--bcher-kva.test'],
    ['4.test', 'dns:4.test'],
    ['192.168.1.20', 'ip:192.168.1.20'],
    ['FE80:0:0::1', 'ip:fe80::1'],
    ['https://Bücher.test:8443/Pfad?x#y', 'uri:https://xn--bcher-kva.test:8443/Pfad?x#y'],
    ['spiffe://Trust.test/app', 'uri:spiffe://trust.test/app'],
    ['https://[::0001]/', 'uri:https://[::1]/'],
    ['urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66', 'uri:urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66'],
    ['Dev+Ops@Bücher.test', 'email:Dev+Ops@xn--bcher-kva.test'],
  ])('%s is %s', (text, key) => {
    const parsed = parseName(text);
    expect('name' in parsed ? nameKey(parsed.name) : parsed).toBe(key);
  });

  test.each([
    ['', 'empty'],
    ['a b', 'spaces'],
    [' chat.local', 'spaces'],
    ['chat\u00a0local', 'spaces'],
    ['a\u0000b', 'control-character'],
    ['a\u001b[31m', 'control-character'],
    ['../etc/passwd', 'path'],
    ['a/b', 'path'],
    ['a\\b', 'path'],
    ['..', 'path'],
    ['10.0.0.0/8', 'range'],
    ['host:3000', 'port'],
    ['192.168.1.1:443', 'port'],
    ['[::1]', 'brackets'],
    ['[::1]:443', 'brackets'],
    ['fe80::1%eth0', 'zone-id'],
    ['192.168.1.999', 'bad-ip'],
    ['192.168.1', 'bad-ip'],
    ['127.1', 'bad-ip'],
    ['host.0x7f', 'bad-ip'],
    ['192.168.01.1', 'bad-ip'],
    ['1:2:3', 'bad-ip'],
    ['１２７.0.0.1', 'bad-ip'],
    ['chat.local.', 'trailing-dot'],
    ['a..b', 'empty-label'],
    ['.a', 'empty-label'],
    [`${'a'.repeat(64)}.test`, 'label-too-long'],
    [`${'abcdefg.'.repeat(32)}test`, 'too-long'],
    ['-a.test', 'bad-label'],
    ['a-.test', 'bad-label'],
    ['a!.test', 'bad-label'],
    ['foo:bar', 'bad-label'],
    ['xn--a.test', 'bad-label'],
    ['*', 'wildcard-alone'],
    ['*.', 'wildcard-alone'],
    ['a.*.b', 'wildcard-place'],
    ['f*.x', 'wildcard-place'],
    ['*.*.x', 'wildcard-place'],
    ['192.168.1.*', 'wildcard-ip'],
    ['*.168.1.1', 'wildcard-ip'],
    ['https://', 'bad-uri'],
    ['https://user@host/', 'bad-uri'],
    ['https://*.host/', 'bad-uri'],
    ['https://host/ü', 'bad-uri'],
    ['https://host/%zz', 'bad-uri'],
    ['urn:x', 'bad-uri'],
    ['@host.test', 'bad-email'],
    ['a@', 'bad-email'],
    ['a..b@host.test', 'bad-email'],
    ['ü@host.test', 'bad-email'],
    ['a@*.test', 'bad-email'],
  ])('%j: %s', (text, problem) => expect(parseName(text)).toMatchObject({ problem }));

  test('the detail is what to write instead', () => {
    expect(parseName('[::1]:80')).toEqual({ problem: 'brackets', detail: '::1' });
    expect(parseName('host:3000')).toEqual({ problem: 'port', detail: 'host' });
    expect(parseName('a.test.')).toEqual({ problem: 'trailing-dot', detail: 'a.test' });
    expect(parseName('10.0.0.0/8')).toEqual({ problem: 'range', detail: '10.0.0.0' });
  });

  test('any text at all: a name that is its own canonical form, or a problem', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.domain(),
      fc.webUrl(),
      fc.emailAddress(),
      fc.ipV6(),
      fc
        .array(fc.constantFrom('a', '*', '.', ':', '1', '/', '%', '[', ']', '@', 'xn--', 'ü', '。', '\u200d'))
        .map((all) => all.join('')),
    );
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = parseName(text);
        if (!('name' in parsed)) return;
        expect(parseName(formatName(parsed.name))).toEqual(parsed);
        expect(parsed.name.value).toMatch(/^[\x21-\x7e]+$/);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('covers', () => {
  test.each([
    ['*.host.test', 'a.host.test', true],
    ['*.host.test', 'host.test', false],
    ['*.host.test', 'b.a.host.test', false],
    ['*.host.test', '*.host.test', true],
    ['*.host.test', '*.a.host.test', false],
    ['host.test', 'host.test', true],
    ['host.test', 'a.host.test', false],
    ['*.host.test', 'ahost.test', false],
  ])('%s, %s: %s', (pattern, asked, expected) => expect(covers(dns(pattern), dns(asked))).toBe(expected));

  test('an address is never a DNS name', () => {
    expect(covers(dns('127.0.0.1'), { type: 'ip', value: '127.0.0.1' })).toBe(false);
  });
});

test('a wildcard is a DNS name', () => {
  expect(isWildcard(dns('*.chat.test'))).toBe(true);
  expect(isWildcard({ type: 'uri', value: '*.x' })).toBe(false);
});

describe('fileNameFor', () => {
  test.each([
    [dns('mydomain.com'), 'mydomain.com'],
    [dns('*.mydomain.com'), '_wildcard.mydomain.com'],
    [{ type: 'ip', value: '::1' } as const, '__1'],
    [{ type: 'uri', value: 'https://a.test/x' } as const, 'https___a.test_x'],
    [dns('con.test'), '_con.test'],
    [dns('nul'), '_nul'],
    [dns('console.test'), 'console.test'],
  ])('%o is %s', (name, file) => expect(fileNameFor(name)).toBe(file));

  test('any value gives one safe path segment that fits', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('dns', 'uri', 'email', 'ip'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }),
        (type, value) => {
          const file = fileNameFor({ type: type as AltName['type'], value });
          expect(file).toMatch(/^[A-Za-z0-9_@+-]([A-Za-z0-9._@+-]{0,198}[A-Za-z0-9_@+-])?$/);
          expect(file).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
        },
      ),
    );
  });

  test('long names that begin alike stay apart', () => {
    const uri = (end: string): AltName => ({ type: 'uri', value: `https://a.test/${'x'.repeat(250)}${end}` });
    expect(fileNameFor(uri('1'))).not.toBe(fileNameFor(uri('2')));
  });
});
