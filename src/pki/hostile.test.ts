import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCertificate, readCertificates } from './certificate-read.ts';
import { decodeKey, readKey } from './keys.ts';
import { encodePem, splitPem } from './pem.ts';
import { readPkcs12 } from './pkcs12.ts';
import { PkiError } from './pki-error.ts';
import { readRequest } from './request.ts';
import { Secret } from '../kernel/secret.ts';

/** Whatever the bytes are, the readers answer or throw `PkiError`, and soon. */

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/pki/${name}`, import.meta.url));
const derOf = (name: string): Buffer => {
  const bytes = fixture(name);
  return bytes[0] === 0x30 ? bytes : (splitPem(bytes)[0]?.der ?? bytes);
};

/** Bytes set, a piece cut out, a piece put in twice: what breaks lengths as well as values. */
function mutated(seed: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat(seed.length - 1);
  const edit = fc.oneof(
    fc.record({ at: place, byte: fc.oneof(fc.constantFrom(0, 0x30, 0x7f, 0x80, 0x84, 0xff), fc.nat(255)) }),
    fc.record({ at: place, cut: fc.nat(20) }),
    fc.record({ at: place, twice: fc.nat(20) }),
  );
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) =>
    edits.reduce((bytes, change) => {
      const copy = Buffer.from(bytes);
      if ('byte' in change) copy[Math.min(change.at, copy.length - 1)] = change.byte;
      else if ('cut' in change)
        return Buffer.concat([copy.subarray(0, change.at), copy.subarray(change.at + change.cut)]);
      else return Buffer.concat([copy.subarray(0, change.at + change.twice), copy.subarray(change.at)]);
      return copy;
    }, seed),
  );
}

function survives(read: () => unknown): void {
  const begin = performance.now();
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(PkiError);
  }
  expect(performance.now() - begin).toBeLessThan(5000);
}

async function survivesAsync(read: () => Promise<unknown>): Promise<void> {
  const begin = performance.now();
  await read().catch((error: unknown) => expect(error).toBeInstanceOf(PkiError));
  expect(performance.now() - begin).toBeLessThan(10_000);
}

describe('changed files', () => {
  test.each(['odd.crt', 'pss.crt', 'v1.crt', 'ed25519.der'])('%s', (name) => {
    fc.assert(
      fc.property(mutated(derOf(name)), (der) => survives(() => readCertificate(der))),
      { numRuns: 1500 },
    );
  });

  test.each([
    'rsa.pkcs8.key',
    'rsa.pkcs1.key',
    'p256.sec1.key',
    'p256.pkcs8.key',
    'ed25519.key',
    'rsa.pbes2.key',
    'p521.key',
  ])('%s', (name) => {
    const label = splitPem(fixture(name)).at(-1)?.label ?? '';
    const seed = splitPem(fixture(name)).at(-1)?.der ?? Buffer.alloc(1);
    fc.assert(
      fc.property(mutated(seed), (der) => {
        survives(() => readKey(der));
        survives(() => readKey(Buffer.from(encodePem(label, der))));
      }),
      { numRuns: 500 },
    );
  });

  test('request.csr', () => {
    fc.assert(
      fc.property(mutated(derOf('request.csr')), (der) => survives(() => readRequest(der))),
      { numRuns: 1500 },
    );
  });

  test.each(['odd.crt', 'rsa.des3.key'])('the text of %s', (name) => {
    fc.assert(
      fc.property(mutated(fixture(name)), (bytes) => {
        survives(() => readCertificates(bytes));
        survives(() => readKey(bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('an encrypted key', { timeout: 60_000 }, async () => {
    const header = mutated(derOf('rsa.pbes2.key').subarray(0, 120));
    const rest = derOf('rsa.pbes2.key').subarray(120);
    await fc.assert(
      fc.asyncProperty(header, (head) =>
        survivesAsync(() => decodeKey(Buffer.concat([head, rest]), new Secret('geheim'))),
      ),
      { numRuns: 100 },
    );
  });

  // NSS asks for a hundred thousand rounds, a tenth of a second each time.
  test.each([
    ['openssl.p12', 60],
    ['openssl-legacy.p12', 60],
    ['nss.p12', 8],
  ] as const)('%s', { timeout: 60_000 }, async (name, numRuns) => {
    await fc.assert(
      fc.asyncProperty(mutated(fixture(name)), (bytes) => survivesAsync(() => readPkcs12(bytes, new Secret('geheim')))),
      { numRuns },
    );
  });
});

describe('made to hurt', () => {
  const nested = (depth: number): Buffer => {
    let der: Buffer = Buffer.alloc(0);
    for (let i = 0; i < depth; i++) {
      const length =
        der.length < 0x80 ? [der.length] : [0x83, der.length >> 16, (der.length >> 8) & 0xff, der.length & 0xff];
      der = Buffer.concat([
        Buffer.from([0x30, ...(der.length > 0xffff || der.length < 0x80 ? length : shortest(der.length))]),
        der,
      ]);
    }
    return der;
  };
  const shortest = (length: number): number[] => (length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]);

  test('sequences in sequences, ten thousand deep', async () => {
    const deep = nested(10_000);
    survives(() => readCertificate(deep));
    survives(() => readKey(deep));
    survives(() => readRequest(deep));
    await survivesAsync(() => readPkcs12(deep, undefined));
  });

  test('any bytes at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
        const bytes = Buffer.from(array);
        for (const read of [readCertificates, readKey, readRequest, splitPem]) survives(() => read(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test('an RSA key of millions of digits', () => {
    const number = Buffer.concat([Buffer.from([0x02, 0x83, 0x04, 0x00, 0x00]), Buffer.alloc(0x40000, 0x55)]);
    const body = Buffer.concat([Buffer.from([0x02, 0x01, 0x00]), ...Array<Buffer>(8).fill(number)]);
    const header = Buffer.from([0x30, 0x83, body.length >> 16, (body.length >> 8) & 0xff, body.length & 0xff]);
    const key = Buffer.from(encodePem('RSA PRIVATE KEY', Buffer.concat([header, body])));
    expect(() => readKey(key)).toThrow('more than 16384 bits');
    survives(() => readKey(key));
  });
});

test('reading does not load node-forge', () => {
  const script = `
    import { createRequire } from 'node:module';
    const here = ${JSON.stringify(new URL('.', import.meta.url).href)};
    for (const part of ['keys', 'certificate-read', 'certificate-write', 'request', 'pkcs12']) await import(here + part + '.ts');
    const { readKey } = await import(here + 'keys.ts');
    const { readFileSync } = await import('node:fs');
    readKey(readFileSync(new URL('../../fixtures/pki/rsa.pkcs8.key', here)));
    console.log(Object.keys(createRequire(here).cache).filter((file) => file.includes('node-forge')).length);
    await import('node-forge/lib/asn1.js');
    console.log(Object.keys(createRequire(here).cache).filter((file) => file.includes('node-forge')).length > 0);
  `;
  const cwd = new URL('../..', import.meta.url);
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd, encoding: 'utf8' });
  expect(output.trim().split('\n')).toEqual(['0', 'true']);
});
