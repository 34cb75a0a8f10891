import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { Secret } from '../kernel/secret.ts';
import { nodeDisk } from './node-disk.ts';
import { nodeExec } from './node-exec.ts';
import { nodeFiles } from './node-files.ts';
import { secretsFrom } from './secrets.ts';
import { createWorld } from './world.ts';

const posix = process.platform !== 'win32';
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rcssl-platform-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

describe('files', () => {
  it('reads a file, and gives undefined where nothing is or can be', () => {
    writeFileSync(at('a'), 'text');
    expect(nodeFiles.read(at('a'), 10)?.toString()).toBe('text');
    expect(nodeFiles.read(at('b'), 10)).toBeUndefined();
    expect(nodeFiles.read(at('a/b'), 10)).toBeUndefined();
    expect(nodeFiles.entry(at('b'))).toBeUndefined();
    expect(nodeFiles.list(at('none'))).toEqual([]);
  });

  it('refuses a sparse gigabyte and a folder', () => {
    writeFileSync(at('huge'), '');
    truncateSync(at('huge'), 1024 ** 3);
    expect(() => nodeFiles.read(at('huge'), 1024)).toThrow('TOOBIG');
    mkdirSync(at('folder'));
    expect(() => nodeFiles.read(at('folder'), 1024)).toThrow(/NOTFILE|EISDIR/);
  });

  it.skipIf(!posix)('does not wait for a FIFO', () => {
    execFileSync('mkfifo', [at('pipe')]);
    expect(nodeFiles.entry(at('pipe'))?.kind).toBe('other');
    expect(() => nodeFiles.read(at('pipe'), 10)).toThrow('NOTFILE');
  });

  it.skipIf(!posix)('does not follow a link when it says what is there', () => {
    symlinkSync('/etc/passwd', at('link'));
    expect(nodeFiles.entry(at('link'))?.kind).toBe('symlink');
  });
});

describe('disk', () => {
  const file = { bytes: Buffer.from('x'), mode: 0o640, gid: undefined };

  it.skipIf(!posix)('makes a file with its exact mode whatever the umask', async () => {
    for (const umask of [0o000, 0o077]) {
      const old = process.umask(umask);
      await nodeDisk.createFile(at(`f${umask}`), file, true).finally(() => process.umask(old));
      expect(statSync(at(`f${umask}`)).mode & 0o777).toBe(0o640);
    }
  });

  it('never overwrites', async () => {
    writeFileSync(at('f'), 'old');
    await expect(nodeDisk.createFile(at('f'), file, false)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(at('f'), 'utf8')).toBe('old');
  });

  it('makes folders and says which', () => {
    expect(nodeDisk.makeFolder(at('a/b'), 0o700)).toEqual([at('a'), at('a/b')]);
    expect(nodeDisk.makeFolder(at('a/b'), 0o755)).toEqual([]);
    if (posix) expect(statSync(at('a')).mode & 0o777).toBe(0o700);
    nodeDisk.remove(at('nothing'));
    nodeDisk.syncFolder(at('a'));
  });

  it('removes a folder only if it is empty', () => {
    nodeDisk.makeFolder(at('a/b'), 0o700);
    nodeDisk.removeFolder(at('a'));
    expect(existsSync(at('a/b'))).toBe(true);
    for (const name of ['a/b', 'a', 'nothing']) nodeDisk.removeFolder(at(name));
    expect(existsSync(at('a'))).toBe(false);
  });

  it.skipIf(!posix)('leaves no folder that cannot have its group', () => {
    expect(() => nodeDisk.makeFolder(at('a/b'), 0o700, -2)).toThrow();
    expect(existsSync(at('a'))).toBe(false);
  });
});

describe('process', () => {
  const { process: own } = createWorld({ env: {} });

  it('knows who lives, and since when', async () => {
    expect(own.isAlive(own.id)).toBe(true);
    expect(own.isAlive(own.id, own.start)).toBe(true);
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await new Promise((resolve) => child.on('exit', resolve));
    expect(own.isAlive(child.pid!)).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')('takes no other process for one that had its id', () => {
    expect(own.start).toMatch(/^\d+$/);
    expect(own.isAlive(own.id, '1')).toBe(false);
    expect(own.isAlive(process.ppid, own.start)).toBe(false);
  });
});

describe('secrets', () => {
  const sources = { env: { SET: 'from env', EMPTY: '' }, files: nodeFiles, exec: nodeExec, prompt: undefined };
  const resolve = async (
    reference: Parameters<ReturnType<typeof secretsFrom>['resolve']>[0],
    prompt?: () => Promise<Secret>,
  ) =>
    (await secretsFrom({ ...sources, prompt }).resolve(reference, { what: 'the root', cwd: folder }))
      .reveal()
      .toString();
  const code = async (promise: Promise<unknown>) => {
    const error = await promise.catch((reason: unknown) => reason);
    return error instanceof RcsslError ? error.diagnostics[0]?.code : error;
  };

  it('come from the environment, a file, a command, a prompt', async () => {
    writeFileSync(at('pass'), 'from file\n');
    expect(await resolve({ env: 'SET' })).toBe('from env');
    expect(await resolve({ file: 'pass' })).toBe('from file');
    expect(await resolve({ command: [process.execPath, '-e', 'console.log("from command")'] })).toBe('from command');
    expect(await resolve({ prompt: true }, async () => new Secret('typed'))).toBe('typed');
  });

  it('fail with a code and without a word of the secret', async () => {
    expect(await code(resolve({ env: 'UNSET' }))).toBe('secret-env-unset');
    expect(await code(resolve({ env: 'EMPTY' }))).toBe('secret-empty');
    expect(await code(resolve({ file: 'none' }))).toBe('secret-file-unreadable');
    expect(await code(resolve({ command: [process.execPath, '-e', 'process.exit(3)'] }))).toBe('secret-command-failed');
    expect(await code(resolve({ command: ['no-such-program'] }))).toBe('secret-command-failed');
    expect(await code(resolve({ prompt: true }))).toBe('secret-no-terminal');
  });

  it('never pass through a shell', async () => {
    await code(resolve({ command: ['echo', `$(touch ${at('made')})`] }));
    expect(existsSync(at('made'))).toBe(false);
  });
});

it.skipIf(!posix || process.getuid?.() === 0)('says why a file cannot be read', () => {
  writeFileSync(at('secret'), 'x');
  chmodSync(at('secret'), 0);
  expect(() => nodeFiles.read(at('secret'), 10)).toThrow('EACCES');
});
