import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodePem, splitPem } from './pem.ts';
import { PkiError } from './pki-error.ts';

const block = encodePem('CERTIFICATE', Buffer.alloc(60, 1));

test('64 columns, LF, a final newline', () => {
  expect(block).toBe(
    `-----BEGIN CERTIFICATE-----\n${'AQEB'.repeat(16)}\n${'AQEB'.repeat(4)}\n-----END CERTIFICATE-----\n`,
  );
});

test('what is written is read back, also with CRLF, a byte order mark and text around', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.constantFrom('PRIVATE KEY', 'CERTIFICATE'),
      (bytes, label) => {
        const der = Buffer.from(bytes);
        const text = encodePem(label, der);
        for (const file of [
          text,
          text.replaceAll('\n', '\r\n'),
          `\ufeff${text}`,
          `subject=/CN=x\n\n${text}trailing`,
          text.trimEnd(),
        ]) {
          expect(splitPem(Buffer.from(file))).toMatchObject([{ label, der, headers: false }]);
        }
      },
    ),
  );
});

test('several blocks keep their order', () => {
  const file = ['A', 'B', 'A'].map((label, i) => encodePem(label, Buffer.from([i]))).join('');
  expect(splitPem(Buffer.from(file)).map(({ label, der }) => [label, der[0]])).toEqual([
    ['A', 0],
    ['B', 1],
    ['A', 2],
  ]);
});

describe('refused', () => {
  test.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['no end', block.replace(/-----END.*\n/, '')],
    ['another end', block.replace('END CERTIFICATE', 'END PRIVATE KEY')],
    ['a begin inside', block.replace('AQEB\n-----END', `AQEB\n${block}-----END`)],
    ['nothing inside', '-----BEGIN A-----\n-----END A-----\n'],
    ['a wrong character', block.replace('AQEB', 'AQ*B')],
    ['a character missing', block.replace('AQEB', 'AQE')],
    ['padding in the middle', block.replace('AQEB', 'AQ==')],
    ['bits left over', '-----BEGIN A-----\nAR==\n-----END A-----\n'],
  ])('%s', (_, text) => expect(() => splitPem(Buffer.from(text))).toThrow(PkiError));
});

test('a large file of beginnings does not take long', () => {
  const file = Buffer.from('-----BEGIN A-----\nAQ==\n-----END A-----\n'.repeat(50_000));
  const begin = performance.now();
  expect(splitPem(file)).toHaveLength(50_000);
  expect(performance.now() - begin).toBeLessThan(3000);
});
