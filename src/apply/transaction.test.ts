import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import type { Disk, Files } from '../kernel/ports.ts';
import { nodeDisk } from '../platform/node-disk.ts';
import { nodeFiles } from '../platform/node-files.ts';
import { recover } from './finish.ts';
import { commit, type Part, type Transaction } from './transaction.ts';
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
  const there = new Set(['/', '/s']);
  const note = (operation: string) => {
    const plain = operation.replaceAll(/\.rcssl-[0-9a-f]{12}-(\d+)/g, '~$1');
    log.push(plain);
    if (failAt?.(plain)) throw fault('ENOSPC');
  };
  const disk: Disk = {
    async createFile(path, { mode }) {
      note(`create ${path} ${mode.toString(8)}`);
      there.add(path);
    },
    createLink(path, target) {
      note(`link ${path} ${target}`);
      there.add(path);
    },
    makeFolder(path, mode) {
      note(`folder ${path} ${mode.toString(8)}`);
      there.add(path);
      return [path];
    },
    removeFolder: (path) => there.delete(path),
    syncFolder: async (path) => note(`sync ${path}`),
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
const PLACE = { folder: '/s', base: '/' };
const transaction = (
  units: Unit[],
  { place = PLACE, removes = [], ...more }: Partial<Transaction & Part> = {},
): Transaction => ({
  parts: [{ place, units, removes }],
  now: 0,
  durable: false,
  signal: undefined,
  ...more,
});

const PAIR = unit([write('/c/a.key', 0o600), write('/c/a.crt')], ['/c/a.crt']);

describe('commit', () => {
  it('stages everything, then takes the old certificate away before the new key comes', async () => {
    const world = fakeWorld();
    await commit(world, transaction([PAIR], { removes: [{ path: '/c/old.crt', hash: '' }], durable: true }));
    const journal = ['create /s/~2.json 600', 'rename /s/~2.json /s/journal.json', 'sync /s'];
    expect(world.log).toEqual([
      ...journal,
      'folder /c 700',
      'create /c/~0.key 600',
      'create /c/~1.crt 644',
      'sync /c',
      'sync /',
      ...journal,
      'remove /c/a.crt',
      'rename /c/~0.key /c/a.key',
      'rename /c/~1.crt /c/a.crt',
      'remove /c/old.crt',
      'sync /c',
      'sync /',
      'remove /s/journal.json',
    ]);
  });

  it('makes a folder as strict as the strictest of all that is below it, before anything is staged', async () => {
    const world = fakeWorld();
    await commit(world, transaction([unit([write('/c/pub/deep/root.crt'), write('/d/e.crt')]), PAIR]));
    expect(world.log.slice(2, 8)).toEqual([
      'folder /c 700',
      'folder /d 755',
      'folder /c/pub 755',
      'folder /c/pub/deep 755',
      'create /c/pub/deep/~0.crt 644',
      'create /d/~1.crt 644',
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
        if (file[0].startsWith('/s/')) return world.disk.createFile(...file);
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
    expect([begun, open, failing.there.size]).toEqual([64, 0, 2]);
  });

  it.each(['create /s/', 'rename /s/', 'folder /c', 'create /c/~0.key', 'create /c/~1.crt'])(
    'leaves the disk as it was when it fails at %s',
    async (where) => {
      const world = fakeWorld((operation) => operation.startsWith(where));
      const error = await commit(world, transaction([PAIR])).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(RcsslError);
      expect((error as RcsslError).diagnostics[0]).toMatchObject({ code: 'write-failed', args: { why: 'ENOSPC' } });
      expect([...world.there]).toEqual(['/', '/s']);
      expect(world.log.join('\n')).not.toContain('rename /c');
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
  const on = (units: Unit[], more: Partial<Transaction & Part> = {}) =>
    transaction(units, { place: { folder, base: folder }, ...more });

  it.skipIf(process.platform === 'win32')('gives no folder of a key to others', async () => {
    await commit(world, on([unit([write(at('certs/pub/root.crt')), write(at('certs/a.key'), 0o600)])]));
    expect(['certs', 'certs/pub'].map((name) => statSync(at(name)).mode & 0o777)).toEqual([0o700, 0o755]);
  });

  it('takes the folders away that it made, and none that someone has put something into', async () => {
    const createFile: Disk['createFile'] = async (path, ...file) => {
      if (path.endsWith('.json')) return nodeDisk.createFile(path, ...file);
      if (path.includes(`${sep}three${sep}`)) writeFileSync(join(dirname(path), 'other'), '');
      throw fault('ENOSPC');
    };
    mkdirSync(at('was'));
    const fails = (...names: string[]) =>
      expect(
        commit(
          { ...world, disk: { ...nodeDisk, createFile } },
          on([unit(names.map((name) => write(at(name), 0o600)))]),
        ),
      ).rejects.toThrow(RcsslError);
    await fails('was/new/a.key', 'one/two/a.key');
    expect(tree()).toEqual(['was']);
    await fails('three/b.key', 'four/c.key');
    expect(tree()).toEqual(['three', join('three', 'other'), 'was']);
  });

  const killedAt = (operation: (path: string) => boolean): Disk => {
    let dead = false;
    const die = (path: string): void => {
      dead ||= operation(path);
      if (dead) throw fault('KILLED');
    };
    return {
      ...nodeDisk,
      async createFile(path, ...file) {
        die(path);
        await nodeDisk.createFile(path, ...file);
      },
      rename(from, to) {
        die(to);
        nodeDisk.rename(from, to);
      },
      remove(path) {
        die(path);
        nodeDisk.remove(path);
      },
      removeFolder(path) {
        die(path);
        nodeDisk.removeFolder(path);
      },
    };
  };
  const interrupted = async (disk: Disk, wanted: Transaction): Promise<unknown> =>
    commit({ ...world, disk }, wanted).catch((error: unknown) => (error as RcsslError).diagnostics[0]?.code);
  const old = () => {
    mkdirSync(at('c'));
    for (const name of ['c/a.key', 'c/a.crt', 'c/gone.crt']) writeFileSync(at(name), 'old');
  };
  const pair = () => unit([write(at('c/a.key'), 0o600), write(at('c/a.crt'))], [at('c/a.crt')]);
  const places = () => [{ folder, base: folder }];

  it('is finished by the next run when it was killed between two files', async () => {
    old();
    const gone = { path: at('c/gone.crt'), hash: createHash('sha256').update('old').digest('hex') };
    const disk = killedAt((path) => path === at('c/a.crt') && readFileSync(at('c/a.key'), 'utf8') !== 'old');
    expect(await interrupted(disk, on([pair()], { removes: [gone] }))).toBe('write-unfinished');
    expect(existsSync(at('c/a.crt'))).toBe(false);
    expect(await recover(world, places())).toMatchObject([{ outcome: 'finished' }]);
    expect(readFileSync(at('c/a.crt'), 'utf8')).toBe(at('c/a.crt'));
    expect(tree()).toEqual(['c', join('c', 'a.crt'), join('c', 'a.key')]);
    expect(await recover(world, places())).toEqual([]);
  });

  it('is undone by the next run when it was killed before all was staged', async () => {
    old();
    const before = tree();
    const writes = on([pair(), unit([write(at('new/b.key'), 0o600)])]);
    expect(
      await interrupted(
        killedAt((path) => path.startsWith(at('new'))),
        writes,
      ),
    ).toBe('write-failed');
    expect(tree()).toContain('journal.json');
    expect(await recover(world, places())).toMatchObject([{ outcome: 'undone' }]);
    expect(tree()).toEqual(before);
  });

  it.each(['key', 'crt'])(
    'puts half a pair in its place for nobody: its %s was taken away meanwhile',
    async (ending) => {
      old();
      await interrupted(
        killedAt((path) => path === at('c/a.crt')),
        on([pair()]),
      );
      const staged = readdirSync(at('c')).find((name) => name.startsWith('.rcssl-') && name.endsWith(ending));
      rmSync(at(`c/${staged}`));
      await recover(world, places());
      expect(readFileSync(at('c/a.key'), 'utf8')).toBe('old');
      expect(tree().filter((name) => name.includes('.rcssl-'))).toEqual([]);
    },
  );

  it('gives a place to nothing that follows from what was taken away: a root waits for its archive', async () => {
    old();
    const archived = unit([write(at('archive/a.key'), 0o600)]);
    await interrupted(
      killedAt((path) => path === at('archive/a.key')),
      on([archived, pair()]),
    );
    rmSync(at('archive'), { recursive: true });
    expect(await recover(world, places())).toMatchObject([{ outcome: 'finished' }]);
    expect(readFileSync(at('c/a.key'), 'utf8')).toBe('old');
    expect(tree()).toEqual(['c', join('c', 'a.crt'), join('c', 'a.key'), join('c', 'gone.crt')]);
  });

  it('is over where the folder of its files was taken away meanwhile', async () => {
    await interrupted(
      killedAt((path) => path === at('c/a.crt')),
      on([pair()], { durable: true }),
    );
    rmSync(at('c'), { recursive: true });
    expect(await recover(world, places())).toMatchObject([{ outcome: 'finished' }]);
    expect(tree()).toEqual([]);
  });

  it('removes nothing later that is not what it was, or lies outside', async () => {
    old();
    const hash = createHash('sha256').update('old').digest('hex');
    for (const name of ['p', 'p-other']) mkdirSync(at(name));
    const place = { folder: at('p'), base: at('p') };
    writeFileSync(at('p/kept'), 'changed since');
    writeFileSync(at('p-other/kept'), 'old');
    writeFileSync(at('p/gone'), 'old');
    const names = ['c/gone.crt', 'p-other/kept', 'p/kept', 'p/gone'];
    const removes = names.map((name) => ({ path: at(name), hash }));
    await interrupted(
      killedAt((path) => path === at('c/a.crt')),
      on([pair()], { place, removes }),
    );
    await recover(world, [place]);
    expect(names.filter((name) => existsSync(at(name)))).toEqual(names.slice(0, 3));
  });

  it('names the folder whose fsync fails, which says no path of its own', async () => {
    const syncFolder = async (folder: string) => {
      if (folder === at('c')) throw fault('EIO');
    };
    const failing = commit({ ...world, disk: { ...nodeDisk, syncFolder } }, on([pair()], { durable: true }));
    await expect(failing).rejects.toMatchObject({
      diagnostics: [{ code: 'write-failed', place: { file: at('c') }, args: { why: 'EIO' } }],
    });
    expect(tree()).toEqual([]);
  });

  it('is refused, untouched, where a newer rcssl was interrupted or the journal is no journal', async () => {
    for (const [text, code] of [
      ['{"formatVersion":2}', 'journal-newer'],
      ['{"formatVersion":1,"id":"../../x"}', 'journal-unreadable'],
      ['', 'journal-unreadable'],
    ] as const) {
      writeFileSync(at('journal.json'), text);
      await expect(recover(world, places())).rejects.toMatchObject({ diagnostics: [{ code }] });
      expect(readFileSync(at('journal.json'), 'utf8')).toBe(text);
    }
  });

  it('leaves the disk as it was where a file stands in the place of a folder', async () => {
    writeFileSync(at('c'), 'a file');
    const before = tree();
    await expect(commit(world, on([pair()]))).rejects.toMatchObject({ diagnostics: [{ code: 'write-failed' }] });
    expect(tree()).toEqual(before);
  });

  it('says that it is not finished when a rename fails, and is finished once that is mended', async () => {
    mkdirSync(at('c/a.crt/full'), { recursive: true });
    const writes = [write(at('c/a.key'), 0o600), write(at('c/a.crt')), write(at('c/b.key'), 0o600)];
    await expect(commit(world, on([unit(writes)]))).rejects.toMatchObject({
      diagnostics: [{ code: 'write-unfinished', place: { file: at('c/a.crt') } }],
    });
    rmSync(at('c/a.crt'), { recursive: true });
    await recover(world, places());
    expect(tree()).toEqual(['c', join('c', 'a.crt'), join('c', 'a.key'), join('c', 'b.key')]);
  });
});
