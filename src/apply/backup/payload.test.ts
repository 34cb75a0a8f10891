import { describe, expect, it } from 'vitest';
import { RcsslError } from '../../diagnostics/diagnostic.ts';
import type { ArchivedFolder } from '../../inventory/archive.ts';
import { Secret } from '../../kernel/secret.ts';
import { issueRoot } from '../../pki/certificate-write.ts';
import { encodeKey, generateKey } from '../../pki/keys.ts';
import { encodePem } from '../../pki/pem.ts';
import { decodeBackup, encodeBackup, type Backup } from './payload.ts';
import { openRoot, type LiveRoot } from './root.ts';

const MADE = Date.UTC(2026, 10, 25);
const NO_RECORD = { publicKey: undefined, keyKind: undefined };

async function liveRoot(passphrase?: Secret): Promise<{ root: LiveRoot; publicKey: string }> {
  const key = await generateKey('ecdsa-p256');
  const window = { notBefore: MADE, notAfter: MADE + 1e9 };
  const der = await issueRoot({ key, commonName: 'Test Root', subject: {}, ...window, constraints: undefined });
  const pem = Buffer.from(encodePem('CERTIFICATE', der));
  const known = { publicKey: key.publicKey, keyKind: key.kind };
  const root = openRoot('Test Root', await encodeKey(key, passphrase), pem, passphrase ? known : NO_RECORD);
  if ('fault' in root) throw new Error(root.fault);
  return { root, publicKey: key.publicKey };
}

const folder = (more: Partial<ArchivedFolder> = {}): ArchivedFolder => ({
  folder: '2026-11-23-3fa19c',
  at: '2026-11-23T00:00:00Z',
  files: [{ file: 'root.key', path: '/old/certs/root.key', content: new Secret('key') }],
  ...more,
});

function codes(bytes: Buffer | object): string[] {
  const text = Buffer.isBuffer(bytes) ? bytes : Buffer.from(JSON.stringify(bytes));
  try {
    decodeBackup(text, '/x.age', '/new');
    return [];
  } catch (error) {
    if (error instanceof RcsslError) return error.diagnostics.map(({ code }) => code);
    throw error;
  }
}

const fact = ({ file, path, content }: ArchivedFolder['files'][0]) => [file, path, content.reveal().toString('hex')];

describe('what a backup holds', () => {
  it.each([undefined, new Secret('tiger-1')])(
    'comes back as it was, byte for byte: passphrase %s',
    async (passphrase) => {
      const { root, publicKey } = await liveRoot(passphrase);
      const binary = {
        file: 'root.der',
        path: '/elsewhere/root.der',
        content: new Secret(Buffer.from([0x30, 0xff, 0])),
      };
      const archive = [folder({ files: [...folder().files, binary] })];
      const backup: Backup = { made: MADE, root, archive };
      const bytes = encodeBackup(backup, '/old');
      // Nothing of the old machine but what is relative to the project.
      expect(bytes.toString()).not.toMatch(/\/old|\/elsewhere/);
      const found = decodeBackup(bytes, '/x.age', '/new');
      expect(found.made).toBe(MADE);
      expect(found.root).toMatchObject({ name: 'Test Root', publicKey, keyKind: 'ecdsa-p256' });
      expect(found.root?.key.reveal()).toEqual(root.key.reveal());
      expect(found.root?.certificate).toEqual(root.certificate);
      expect(found.archive[0]?.files.map(fact)).toEqual([
        ['root.key', '/new/certs/root.key', Buffer.from('key').toString('hex')],
        ['root.der', '/new/root.der', '30ff00'],
      ]);
    },
  );

  it('is nothing that another program wrote, and nothing of a newer rcssl', () => {
    expect(codes(Buffer.from('-----BEGIN PRIVATE KEY-----'))).toEqual(['backup-unreadable']);
    for (const value of [[], {}, null, { formatVersion: 'x' }, { formatVersion: 1 }, { formatVersion: 0 }]) {
      expect(codes(value as object), JSON.stringify(value)).toEqual(['backup-unreadable']);
    }
    expect(codes({ formatVersion: 2 })).toEqual(['backup-newer']);
  });

  it('has a key and a certificate that belong together', async () => {
    const [{ root: plain }, { root: locked }] = [await liveRoot(), await liveRoot(new Secret('tiger-1'))];
    const codesOf = (root: LiveRoot) => codes(encodeBackup({ made: MADE, root, archive: [] }, '/old'));
    expect([codesOf(plain), codesOf(locked)]).toEqual([[], []]);
    expect(codesOf({ ...plain, certificate: locked.certificate })).toEqual(['backup-unreadable']);
    expect(codesOf({ ...locked, certificate: plain.certificate })).toEqual(['backup-unreadable']);
    expect(codesOf({ ...plain, key: new Secret('none') })).toEqual(['backup-unreadable']);
    expect(codesOf({ ...plain, name: '\u001B[2J' })).toEqual(['backup-unreadable']);
  });
});

describe('a hostile backup', () => {
  const withFile = (file: string, path = 'root.key'): object => ({
    formatVersion: 1,
    made: '2026-11-25T00:00:00Z',
    archive: [{ folder: '2026-11-23-3fa19c', files: [{ file, path, content: { text: 'x' } }] }],
  });

  it.each([
    '',
    '.',
    '..',
    '../x',
    '/etc/x',
    'a/b',
    String.raw`..\x`,
    'a\0b',
    'index.json',
    'INDEX.JSON',
    'x'.repeat(256),
  ])('names no file outside of its folder: %j', (file) => {
    expect(codes(withFile('root.key'))).toEqual([]);
    expect(codes(withFile(file))).toEqual(['backup-unreadable']);
  });

  it.each(['..', '../../etc', '/etc', '.', '', '2026-11-23-3fa19c/..', '2026-11-23-3fa19c\n'])(
    'names no other folder: %j',
    (name) => {
      expect(codes({ ...withFile('a'), archive: [{ folder: name, files: [] }] })).toEqual(['backup-unreadable']);
    },
  );

  it('has neither a folder nor a file twice', () => {
    const one = { folder: '2026-11-23-3fa19c', files: [] };
    const file = { file: 'a', path: 'a', content: { text: '' } };
    expect(codes({ ...withFile('a'), archive: [one, one] })).toEqual(['backup-unreadable']);
    expect(codes({ ...withFile('a'), archive: [{ ...one, files: [file, file] }] })).toEqual(['backup-unreadable']);
  });

  it.each(['../../../etc/passwd', '/etc/passwd', '..'])('tells of no place outside of the project: %j', (path) => {
    const bytes = Buffer.from(JSON.stringify(withFile('root.key', path)));
    const [found] = decodeBackup(bytes, '/x.age', '/new/project').archive;
    expect(found?.files[0]?.path).toMatch(/^\/new\/project\//);
  });

  it('is described without a word of what is in it', async () => {
    const { root } = await liveRoot();
    const bytes = encodeBackup({ made: MADE, root, archive: [folder()] }, '/old');
    const backup = decodeBackup(bytes, '/x.age', '/new');
    const line = root.key.reveal().toString().split('\n')[1] ?? '';
    expect(line).toHaveLength(64);
    expect(JSON.stringify(backup)).not.toContain(line);
  });
});
