import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import type { Disk, Files } from '../kernel/ports.ts';
import { nodeDisk } from '../platform/node-disk.ts';
import { nodeFiles } from '../platform/node-files.ts';
import { commit, type Transaction } from './transaction.ts';
import type { Unit, Write } from './types.ts';

function fault(code: string): Error {
  return Object.assign(new Error(code), { code });
}

interface FakeWorld {
  readonly disk: Disk;
  readonly files: Files;
  readonly log: string[];
  /** What is there, folders too. */
  readonly there: Set<string>;
}

/** An empty disk that notes what is done to it and fails where it is told to. */
function fakeWorld(failAt?: (operation: string) => boolean): FakeWorld {
  const log: string[] = [];
  const there = new Set<string>();
  const note = (operation: string) => {
    const plain = operation.replaceAll(/\.([\w.]+)\.rcssl-[0-9a-f]{12}/g, '~$1');
    log.push(plain);
    if (failAt?.(plain)) throw fault('ENOSPC');
  };
  const disk: Disk = {
    async createFile(path, { mode }) {
      note(`create ${path} ${mode.toString(8)}`);
      there.add(path);
    },
    makeFolder(path, mode) {
      note(`folder ${path} ${mode.toString(8)}`);
      there.add(path);
      return [path];
    },
    removeFolder: (path) => there.delete(path),
    syncFolder: (path) => note(`sync ${path}`),
    rename(from, to) {
      note(`rename ${from} ${to}`);
      there.delete(from);
      there.add(to);
    },
    remove(path) {
      note(`remove ${path}`);
      there.delete(path);
    },
  };
  const entry: Files['entry'] = (path) => (there.has(path) ? nodeFiles.entry(tmpdir()) : undefined);
  return { disk, files: { ...nodeFiles, entry, list: () => [] }, log, there };
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
    const world = fakeWorld();
    await commit(world, transaction([PAIR], { removes: ['/c/old.crt'], durable: true }));
    expect(world.log).toEqual([
      'folder /c 700',
      'create /c/~a.key 600',
      'create /c/~a.crt 644',
      'remove /c/a.crt',
      'rename /c/~a.key /c/a.key',
      'rename /c/~a.crt /c/a.crt',
      'remove /c/old.crt',
      'sync /c',
      'sync /',
    ]);
  });

  it('makes a folder as strict as the strictest of all that is below it, before anything is staged', async () => {
    const world = fakeWorld();
    await commit(world, transaction([unit([write('/c/pub/deep/root.crt'), write('/d/e.crt')]), PAIR]));
    expect(world.log.slice(0, 6)).toEqual([
      'folder /c 700',
      'folder /d 755',
      'folder /c/pub 755',
      'folder /c/pub/deep 755',
      'create /c/pub/deep/~root.crt 644',
      'create /d/~e.crt 644',
    ]);
  });

  it('holds no more than 64 files open at once, and begins none after a failure', async () => {
    const writes = Array.from({ length: 300 }, (_, index) => write(`/c/${index}.crt`));
    let begun = 0;
    let open = 0;
    let most = 0;
    const busy = (failAt?: number) => {
      const world = fakeWorld();
      const createFile: Disk['createFile'] = async (...file) => {
        begun++;
        most = Math.max(most, ++open);
        await new Promise(setImmediate);
        open--;
        if (begun === failAt) throw fault('EIO');
        await world.disk.createFile(...file);
      };
      return { ...world, disk: { ...world.disk, createFile } };
    };
    await commit(busy(), transaction([unit(writes)]));
    expect([begun, most]).toEqual([300, 64]);
    begun = 0;
    const failing = busy(64);
    await expect(commit(failing, transaction([unit(writes)]))).rejects.toThrow(RcsslError);
    expect([begun, open, failing.there.size]).toEqual([64, 0, 0]);
  });

  it.each(['folder /c', 'create /c/~a.key', 'create /c/~a.crt'])(
    'leaves the disk as it was when it fails at %s',
    async (where) => {
      const world = fakeWorld((operation) => operation.startsWith(where));
      const error = await commit(world, transaction([PAIR])).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RcsslError);
      expect((error as RcsslError).diagnostics[0]).toMatchObject({ code: 'write-failed', args: { why: 'ENOSPC' } });
      expect([...world.there]).toEqual([]);
      expect(world.log.join('\n')).not.toContain('rename');
    },
  );

  it('leaves the disk as it was when it is aborted before the first rename', async () => {
    const world = fakeWorld();
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(commit(world, transaction([PAIR], { signal }))).rejects.toThrow('stop');
    expect(world.log).toEqual([]);
  });
});

describe('commit, on a disk', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rcssl-commit-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  const world = { disk: nodeDisk, files: nodeFiles };
  const tree = () => readdirSync(folder, { recursive: true }).sort();

  it.skipIf(process.platform === 'win32')('gives no folder of a key to others', async () => {
    await commit(world, transaction([unit([write(at('certs/pub/root.crt')), write(at('certs/a.key'), 0o600)])]));
    expect(['certs', 'certs/pub'].map((name) => statSync(at(name)).mode & 0o777)).toEqual([0o700, 0o755]);
  });

  it('takes the folders away that it made, and none that someone has put something into', async () => {
    const createFile: Disk['createFile'] = async (path) => {
      if (path.includes('b.key')) writeFileSync(join(dirname(path), 'other'), '');
      throw fault('ENOSPC');
    };
    mkdirSync(at('was'));
    const fails = (...names: string[]) =>
      expect(
        commit(
          { ...world, disk: { ...nodeDisk, createFile } },
          transaction([unit(names.map((name) => write(at(name), 0o600)))]),
        ),
      ).rejects.toThrow(RcsslError);
    await fails('was/new/a.key', 'one/two/a.key');
    expect(tree()).toEqual(['was']);
    await fails('three/b.key', 'four/c.key');
    expect(tree()).toEqual(['three', join('three', 'other'), 'was']);
  });

  it('leaves nothing half-written when a rename fails', async () => {
    mkdirSync(at('c/a.crt/full'), { recursive: true });
    const writes = [write(at('c/a.key'), 0o600), write(at('c/a.crt')), write(at('c/b.key'), 0o600)];
    await expect(commit(world, transaction([unit(writes)]))).rejects.toThrow(RcsslError);
    expect(readdirSync(at('c'))).toEqual(['a.crt', 'a.key']);
  });

  it('sweeps what a killed run has staged, and nothing that only looks like it', async () => {
    mkdirSync(at('c/.folder.rcssl-0123456789ab'), { recursive: true });
    mkdirSync(at('elsewhere'));
    const kept = ['c/.rcssl-0123456789ab', 'c/.a.key.rcssl-0123456789abc', 'c/a.key.rcssl-0123456789ab'];
    kept.push('c/.a.key.rcssl-0123456789AB', 'elsewhere/.a.key.rcssl-0123456789ab');
    for (const name of ['c/.gone.key.rcssl-0123456789ab', ...kept]) writeFileSync(at(name), 'key');
    if (process.platform !== 'win32') symlinkSync('nowhere', at('c/.link.rcssl-0123456789ab'));
    const before = tree();
    await commit(world, transaction([unit([write(at('c/a.key'), 0o600)])]));
    expect(existsSync(at('c/a.key'))).toBe(true);
    expect(tree().filter((name) => name !== join('c', 'a.key'))).toEqual(
      before.filter((name) => name !== join('c', '.gone.key.rcssl-0123456789ab')),
    );
  });
});
