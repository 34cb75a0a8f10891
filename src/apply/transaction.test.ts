import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import type { Disk } from '../kernel/ports.ts';
import { commit, type Transaction } from './transaction.ts';
import type { Unit, Write } from './types.ts';

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A disk that notes what is done to it and fails where it is told to. */
function fakeDisk(
  failAt?: (operation: string) => boolean,
): Disk & { readonly log: string[]; readonly files: Set<string> } {
  const log: string[] = [];
  const files = new Set<string>();
  const note = (operation: string) => {
    const plain = operation.replaceAll(/\.([\w.]+)\.rcssl-[0-9a-f]{12}/g, '~$1');
    log.push(plain);
    if (failAt?.(plain)) throw fault('ENOSPC');
  };
  return {
    log,
    files,
    async createFile(path, { mode }) {
      note(`create ${path} ${mode.toString(8)}`);
      files.add(path);
    },
    makeFolder(path, mode) {
      note(`folder ${path} ${mode.toString(8)}`);
      return [];
    },
    syncFolder: (path) => note(`sync ${path}`),
    rename(from, to) {
      note(`rename ${from} ${to}`);
      files.delete(from);
      files.add(to);
    },
    remove(path) {
      note(`remove ${path}`);
      files.delete(path);
    },
  };
}

const write = (path: string, mode = 0o644): Write => ({
  path,
  bytes: Buffer.from(path),
  mode,
  gid: undefined,
  folderMode: mode === 0o600 ? 0o700 : 0o755,
});
const unit = (writes: Write[], clear: string[] = []): Unit => ({
  owner: 'host:a',
  clear,
  writes,
  archives: [],
  records: [],
});
const transaction = (units: Unit[], more: Partial<Transaction> = {}): Transaction => ({
  units,
  removes: [],
  durable: false,
  signal: undefined,
  ...more,
});

const PAIR = unit([write('/c/a.key', 0o600), write('/c/a.crt')], ['/c/a.crt']);

describe('commit', () => {
  it('stages everything, then takes the old certificate away before the new key comes', async () => {
    const disk = fakeDisk();
    await commit(disk, transaction([PAIR], { removes: ['/c/old.crt'], durable: true }));
    expect(disk.log).toEqual([
      'folder /c 700',
      'create /c/~a.key 600',
      'create /c/~a.crt 644',
      'remove /c/a.crt',
      'rename /c/~a.key /c/a.key',
      'rename /c/~a.crt /c/a.crt',
      'remove /c/old.crt',
      'sync /c',
    ]);
  });

  it('makes a folder as strict as the strictest of its files wants it', async () => {
    const disk = fakeDisk();
    await commit(disk, transaction([unit([write('/c/root.crt')]), PAIR]));
    expect(disk.log.filter((line) => line.startsWith('folder'))).toEqual(['folder /c 700']);
  });

  it.each(['folder /c', 'create /c/~a.key', 'create /c/~a.crt'])(
    'leaves the disk as it was when it fails at %s',
    async (where) => {
      const disk = fakeDisk((operation) => operation.startsWith(where));
      const error = await commit(disk, transaction([PAIR])).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RcsslError);
      expect((error as RcsslError).diagnostics[0]).toMatchObject({ code: 'write-failed', args: { why: 'ENOSPC' } });
      expect([...disk.files]).toEqual([]);
      expect(disk.log.join('\n')).not.toContain('rename');
    },
  );

  it('leaves the disk as it was when it is aborted before the first rename', async () => {
    const disk = fakeDisk();
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(commit(disk, transaction([PAIR], { signal }))).rejects.toThrow('stop');
    expect(disk.log).toEqual([]);
  });
});
