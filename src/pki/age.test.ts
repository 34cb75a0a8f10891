import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../kernel/secret.ts';
import { lockAge, openAge, readAge } from './age.ts';

const PASSPHRASE = new Secret('correct horse');
const TEXT = Buffer.from('-----BEGIN …\n'.repeat(9000));
/** A thousandth of the work, for tests. */
const WORK = 8;

const locked = lockAge(TEXT, PASSPHRASE, WORK);

async function open(bytes: Buffer, passphrase = PASSPHRASE): Promise<Buffer> {
  return openAge(await readAge(bytes), passphrase);
}

/** The binary form with another header. */
async function withStanza(stanza: string): Promise<Buffer> {
  const text = (await readAge(await locked)).toString('latin1');
  return Buffer.from(text.replace(/-> .*\n/, `-> ${stanza}\n`), 'latin1');
}

describe('a file that a passphrase locks', () => {
  it('opens, armored and binary', async () => {
    const armored = await locked;
    expect(armored.toString()).toMatch(
      /^-----BEGIN AGE ENCRYPTED FILE-----\n[^]*\n-----END AGE ENCRYPTED FILE-----\n$/,
    );
    expect(await open(armored)).toEqual(TEXT);
    expect(await open(await readAge(armored))).toEqual(TEXT);
    expect(await open(Buffer.from(armored.toString().replaceAll('\n', '\r\n')))).toEqual(TEXT);
  });

  it('costs a guess what age lets it cost', async () => {
    const binary = await readAge(await lockAge(Buffer.from('x'), PASSPHRASE));
    expect(binary.toString('latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt \S+ 18\n/);
  });

  it('stays shut for another passphrase', async () => {
    await expect(open(await locked, new Secret('correct horsf'))).rejects.toMatchObject({ code: 'passphrase-wrong' });
  });

  it('is refused before any work where it asks for too much, or for a key', async () => {
    const salt = 'A'.repeat(22);
    for (const stanza of [
      `scrypt ${salt} 21`,
      `scrypt ${salt} 99`,
      `scrypt ${salt} 100`,
      `scrypt ${salt} 0`,
      'X25519 x',
    ]) {
      await expect(readAge(await withStanza(stanza)), stanza).rejects.toMatchObject({ code: 'unsupported' });
    }
  });

  it.each(['', 'age', '-----BEGIN AGE ENCRYPTED FILE-----', '\0\0\0', '{"formatVersion":1}'])(
    'is not %j',
    async (text) => {
      await expect(readAge(Buffer.from(text))).rejects.toMatchObject({ code: 'malformed' });
    },
  );

  it('is never opened by half, wherever it was cut or changed', async () => {
    const binary = await readAge(await locked);
    const anywhere = fc.nat(binary.length - 1);
    const isRefused = (bytes: Buffer) =>
      open(bytes).then(
        () => false,
        ({ name }: Error) => name === 'PkiError',
      );
    await fc.assert(
      fc.asyncProperty(anywhere, fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = Buffer.from(binary);
        changed[at] = (changed[at] ?? 0) ^ by;
        // The work is part of the header, and a changed digit may cost a hundred times more.
        fc.pre(/ 8\n/.test(changed.toString('latin1', 0, 100)));
        expect(await isRefused(changed)).toBe(true);
        expect(await isRefused(binary.subarray(0, at))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
