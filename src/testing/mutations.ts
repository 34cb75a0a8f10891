import fc from 'fast-check';
import { encodePem, splitPem } from '../pki/pem.ts';

/** How a file is changed; `at` and `of` say where, as parts of the whole, `n` how much or which. */
type Edit = (bytes: Buffer, at: number, of: number, n: number) => Buffer;

const place = (bytes: Buffer, at: number): number => Math.floor(at * bytes.length);

function splice(bytes: Buffer, at: number, cut: number, put: Buffer | string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + cut)]);
}

const set =
  (value: (old: number, n: number) => number): Edit =>
  (bytes, at, _, n) => {
    const copy = Buffer.from(bytes);
    const index = place(bytes, at);
    if (index < copy.length) copy[index] = value(copy[index] ?? 0, n) & 0xff;
    return copy;
  };

/** Lengths of DER are cut where they say most: 0x80 is none, 0x84 four bytes of one. */
const BYTES = [0, 0x20, 0x30, 0x31, 0x7f, 0x80, 0x83, 0x84, 0xa0, 0xff];

/** So deep that whoever goes down by calls of itself has no stack left. */
const DEPTHS = [50, 1000, 20_000];
const NESTS = [
  (depth: number) => '['.repeat(depth),
  (depth: number) => '{"a":'.repeat(depth),
  (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`,
  (depth: number) => '- '.repeat(depth),
  (depth: number) => '{a: '.repeat(depth),
  (depth: number) => Buffer.from('3080'.repeat(depth), 'hex'),
  (depth: number) => `"hosts": [${'{"altNames":['.repeat(depth)}`,
];
const WORDS = [
  '\0',
  '\u2028',
  '"',
  "'",
  '{',
  '}',
  ']',
  ',',
  ': ',
  '\n',
  '\t',
  '*a',
  '&a ',
  '!!js/function ',
  '<<: *x',
  '__proto__',
];

const EDITS: Readonly<Record<string, Edit>> = {
  flip: set((old, n) => old ^ (1 << (n % 8))),
  byte: set((_, n) => BYTES[n % BYTES.length] ?? n),
  truncate: (bytes, at) => bytes.subarray(0, place(bytes, at)),
  cut: (bytes, at, _, n) => splice(bytes, place(bytes, at), n % 40, ''),
  repeat: (bytes, at, of) => {
    const [from, to] = [place(bytes, Math.min(at, of)), place(bytes, Math.max(at, of))];
    return splice(bytes, to, 0, bytes.subarray(from, to));
  },
  swap: (bytes, at, of) => {
    const [from, to] = [place(bytes, Math.min(at, of)), place(bytes, Math.max(at, of))];
    return Buffer.concat([bytes.subarray(to), bytes.subarray(from, to), bytes.subarray(0, from)]);
  },
  bom: (bytes) => splice(bytes, 0, 0, '\uFEFF'),
  utf16: (bytes) => Buffer.from(`\uFEFF${bytes.toString('latin1')}`, 'utf16le'),
  crlf: (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  nuls: (bytes, at, _, n) => splice(bytes, place(bytes, at), 0, Buffer.alloc(n * 4)),
  word: (bytes, at, _, n) => splice(bytes, place(bytes, at), 0, WORDS[n % WORDS.length] ?? ''),
  longLine: (bytes, at, _, n) => splice(bytes, place(bytes, at), 0, 'A'.repeat(n * 1000)),
  number: (bytes, at, _, n) => splice(bytes, place(bytes, at), 1, ['1e999', '-1', '0.5', '9'.repeat(400)][n % 4] ?? ''),
  nest: (bytes, at, _, n) =>
    splice(bytes, place(bytes, at), 0, NESTS[n % NESTS.length]?.(DEPTHS[n % DEPTHS.length] ?? 50) ?? ''),
  pemInPem: (bytes, _at, _of, n) =>
    Buffer.from(encodePem(['CERTIFICATE', 'PRIVATE KEY', 'CERTIFICATE REQUEST'][n % 3] ?? '', bytes)),
  /** What PEM holds, and not its letters. */
  inside: (bytes, at, of, n) => {
    const block = firstBlock(bytes);
    if (!block) return bytes;
    const der = (EDITS[['flip', 'byte', 'cut', 'repeat'][n % 4] ?? 'flip'] as Edit)(block.der, at, of, n >> 2);
    return Buffer.from(encodePem(block.label, der));
  },
};

function firstBlock(bytes: Buffer): ReturnType<typeof splitPem>[number] | undefined {
  try {
    return splitPem(bytes)[0];
  } catch {
    return undefined; // an earlier change broke it
  }
}

/** One of the files, changed in one to four ways; or a piece of one in the middle of another. */
export function mutated(files: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  const edit = fc.record({ how: fc.constantFrom(...Object.keys(EDITS)), at: part, of: part, n: fc.nat(255) });
  const whole = fc.constantFrom(...files);
  const spliced = fc
    .tuple(whole, whole, part, part)
    .map(([a, b, at, of]) => Buffer.concat([a.subarray(0, place(a, at)), b.subarray(place(b, of))]));
  return fc
    .tuple(fc.oneof({ weight: 6, arbitrary: whole }, spliced), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([seed, edits]) => edits.reduce((bytes, { how, at, of, n }) => EDITS[how]?.(bytes, at, of, n) ?? bytes, seed));
}
