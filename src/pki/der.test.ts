import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextTag, openDer, readDer, TAG, wrapDer } from './der.ts';
import { readBoolean, readNamedBits, readOid, readPositive, readText, readTime } from './der-values.ts';
import { PkiError } from './pki-error.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('structure', () => {
  test('a SEQUENCE of two', () => {
    const cursor = openDer(hex('30 06 02 01 05 04 01 ff'));
    expect(cursor.take(TAG.integer).content).toEqual(hex('05'));
    expect(cursor.optional(TAG.integer)).toBeUndefined();
    expect(cursor.take().bytes).toEqual(hex('04 01 ff'));
    expect(() => cursor.end()).not.toThrow();
  });

  test.each([
    ['nothing', ''],
    ['no length', '30'],
    ['cut content', '30 03 02 01'],
    ['indefinite length', '30 80 00 00'],
    ['a long form where the short one does', '30 81 01 00'],
    ['a length with a leading zero', '30 82 00 81'],
    ['a length of five octets', '30 85 00 00 00 00 01 00'],
    ['a length over 4 GB', '30 84 ff ff ff ff 00'],
    ['something behind', '30 00 00'],
    ['a long tag', '3f 81 00'],
    ['another tag', '31 00'],
  ])('%s is refused', (_, text) => expect(() => openDer(hex(text))).toThrow(PkiError));

  test('what wrapDer writes is read back, whatever its length', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000), (length) => {
        const content = Buffer.alloc(length, 7);
        expect(readDer(wrapDer(TAG.octetString, content), TAG.octetString).content).toEqual(content);
      }),
    );
  });

  test('more than the limit is not looked at', () => {
    expect(() => readDer(wrapDer(TAG.octetString, Buffer.alloc(5 * 1024 * 1024)))).toThrow('too large');
  });
});

describe('primitives', () => {
  test.each(['', '00', '80 01', '00 01'])('INTEGER %j is not a positive one in DER, or is zero', (text) => {
    if (text === '00') expect(readPositive(hex(text))).toEqual(hex('00'));
    else expect(() => readPositive(hex(text))).toThrow(PkiError);
  });

  test('BOOLEAN is 00 or ff', () => {
    expect(readBoolean(hex('ff'))).toBe(true);
    expect(readBoolean(hex('00'))).toBe(false);
    expect(() => readBoolean(hex('01'))).toThrow(PkiError);
  });

  test.each([
    ['2a 86 48 86 f7 0d 01 01 0b', '1.2.840.113549.1.1.11'],
    ['55 1d 11', '2.5.29.17'],
    ['88 37 03', '2.999.3'],
    ['27', '0.39'],
    ['69 83 b5 f6 d1 e7 a1 d8 b2 c5 f4 f8 a5 b7 d1 a9 d1 c8 15', undefined],
  ])('OID %s', (text, dotted) => {
    if (dotted === undefined) expect(readOid(hex(text))).toMatch(/^2\.25\.\d{30,}$/);
    else expect(readOid(hex(text))).toBe(dotted);
  });

  test.each(['', '80 01', '2a 80 01', '2a 86'])('OID %j is refused', (text) =>
    expect(() => readOid(hex(text))).toThrow(PkiError),
  );

  test('named bits', () => {
    expect(readNamedBits(hex('05 a0'))).toEqual([0, 2]);
    expect(readNamedBits(hex('07 00 80'))).toEqual([8]);
    expect(readNamedBits(hex('00'))).toEqual([]);
    expect(() => readNamedBits(hex('08 00'))).toThrow(PkiError);
  });

  const time = (tag: number, text: string): number => readTime(readDer(wrapDer(tag, Buffer.from(text))));

  test('times of both kinds', () => {
    expect(time(TAG.utcTime, '491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(time(TAG.utcTime, '500101000000Z')).toBe(Date.UTC(1950, 0, 1));
    expect(time(TAG.generalizedTime, '20500101000000Z')).toBe(Date.UTC(2050, 0, 1));
    expect(time(TAG.generalizedTime, '99991231235959Z')).toBe(Date.UTC(9999, 11, 31, 23, 59, 59));
  });

  test.each([
    '490230000000Z',
    '4912312359Z',
    '491231235959+0100',
    '491331000000Z',
    '491231246000Z',
    '491231000060Z',
    'x',
  ])('%s is no time', (text) => expect(() => time(TAG.utcTime, text)).toThrow(PkiError));

  test('texts', () => {
    const text = (tag: number, content: Buffer): string | undefined => readText(readDer(wrapDer(tag, content)));
    expect(text(TAG.utf8, Buffer.from('Bücher'))).toBe('Bücher');
    expect(text(TAG.bmp, Buffer.from('Bücher', 'utf16le').swap16())).toBe('Bücher');
    expect(text(TAG.teletex, Buffer.from('Bücher', 'latin1'))).toBe('Bücher');
    expect(text(contextTag(0), Buffer.from('x'))).toBeUndefined();
    expect(() => text(TAG.utf8, hex('ff'))).toThrow(PkiError);
  });
});
