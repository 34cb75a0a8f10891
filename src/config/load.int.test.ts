import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { findConfig, loadConfig } from './load.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-load-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function hostsAt(path: string, file?: string): Promise<string[]> {
  const { config } = await loadConfig({ cwd: join(folder, path), file, env: {} });
  return config.hosts.map(({ name }) => name);
}

async function codesAt(path: string, file?: string): Promise<string[]> {
  const error: unknown = await loadConfig({ cwd: join(folder, path), file, env: {} }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof RcsslError)) throw new Error(`expected an RcsslError, not ${String(error)}`);
  return error.diagnostics.map(({ code }) => code);
}

const hosts = (name: string): string => JSON.stringify({ hosts: [name] });

describe('the search', () => {
  it('goes upwards to the nearest, past a package.json that says nothing', async () => {
    put('rcssl.config.json', hosts('top.test'));
    put('a/package.json', '{ "name": "a", "keywords": ["rcssl"] }');
    mkdirSync(join(folder, 'a/b'));
    expect(await hostsAt('a/b')).toEqual(['top.test']);
    put('a/package.json', '{ "rcssl": { "hosts": ["package.test"] } }');
    expect(await hostsAt('a/b')).toEqual(['package.test']);
    put('a/b/.rcsslrc', 'hosts: [rc.test]');
    expect(await hostsAt('a/b')).toEqual(['rc.test']);
  });

  it.each(['a folder', 'a file'])('ends at the root of the repository, whose .git is %s', async (kind) => {
    put('rcssl.config.json', hosts('above.test'));
    mkdirSync(join(folder, 'repository/deep'), { recursive: true });
    if (kind === 'a folder') mkdirSync(join(folder, 'repository/.git'));
    else put('repository/.git', 'gitdir: ../elsewhere\n');
    expect(await codesAt('repository/deep')).toEqual(['config-not-found']);
    put('repository/rcssl.config.json', hosts('root.test'));
    expect(await hostsAt('repository/deep')).toEqual(['root.test']);
  });

  it('says where it looked', async () => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'a'));
    await expect(findConfig(join(folder, 'a'))).rejects.toMatchObject({
      diagnostics: [{ args: { looked: [join(folder, 'a'), folder] } }],
    });
  });

  it.skipIf(process.platform === 'win32')('takes none from a folder where anybody may write', async () => {
    put('rcssl.config.json', hosts('planted.test'));
    mkdirSync(join(folder, 'mine'));
    chmodSync(folder, 0o1777);
    expect(await codesAt('mine')).toEqual(['config-not-found']);
    // Standing in it is another thing: the user went there.
    expect(await hostsAt('.')).toEqual(['planted.test']);
  });

  it('takes the first of two, and says so', async () => {
    const shadowed = put('rcssl.config.yaml', 'hosts: [yaml.test]');
    put('rcssl.config.json', hosts('json.test'));
    const { config, diagnostics } = await loadConfig({ cwd: folder, env: {} });
    expect(config.hosts[0]?.name).toBe('json.test');
    expect(diagnostics).toMatchObject([
      { code: 'config-shadowed', place: { file: shadowed }, args: { by: 'rcssl.config.json' } },
    ]);
  });

  it('reads nothing of cosmiconfig: no .config, no property, no $import', async () => {
    put('.config/config.js', "throw new Error('it ran');");
    put('.config/rcsslrc.json', hosts('hidden.test'));
    put('package.json', '{ "cosmiconfig": { "searchPlaces": ["other.json"] } }');
    put('other.json', hosts('other.test'));
    put('rcssl.config.json', '{ "$import": "other.json" }');
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(await codesAt('.')).toEqual(['config-missing', 'config-unknown-key']);
    } finally {
      process.chdir(before);
    }
  });

  it('knows the project by the repository: a path beside the configuration is inside', async () => {
    mkdirSync(join(folder, '.git'));
    put('app/rcssl.config.json', JSON.stringify({ hosts: ['a.test'], outDir: '../certs' }));
    expect(await hostsAt('app')).toEqual(['a.test']);
  });
});

describe('a configuration that is named', () => {
  it('is taken as it is, relative to the working directory', async () => {
    put('other.json', hosts('other.test'));
    put('rcssl.config.json', hosts('found.test'));
    mkdirSync(join(folder, 'a'));
    expect(await hostsAt('a', '../other.json')).toEqual(['other.test']);
    const { config, files } = await loadConfig({ cwd: folder, file: 'other.json', env: {} });
    expect([config.file, config.root, files]).toEqual([
      join(folder, 'other.json'),
      folder,
      [join(folder, 'other.json')],
    ]);
  });

  it.each([
    ['.', 'config-not-a-file'],
    ['nothing.json', 'config-file-missing'],
    ['rcssl.toml', 'config-file-kind'],
  ])('%s: %s', async (file, code) => {
    put('rcssl.toml', '');
    expect(await codesAt('.', file)).toEqual([code]);
  });
});

describe('the text', () => {
  it.each([
    ['CRLF', 'hosts:\r\n  - a.test\r\n'],
    ['a BOM', '\uFEFFhosts: [a.test]\n'],
    ['UTF-16 with a BOM', Buffer.from('\uFEFFhosts: [a.test]\n', 'utf16le')],
    ['no final newline', 'hosts: [a.test]'],
  ])('may have %s', async (_, content) => {
    put('rcssl.config.yaml', content);
    expect(await hostsAt('.')).toEqual(['a.test']);
  });

  it('may have a BOM as JSON too, also in package.json', async () => {
    put('package.json', `\uFEFF{ "rcssl": ${hosts('a.test')} }`);
    expect(await hostsAt('.')).toEqual(['a.test']);
  });

  it.each([
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), 'config-binary'],
    ['larger than 1 MB', `#${'x'.repeat(1024 * 1024)}\nhosts: [a.test]\n`, 'config-too-big'],
    ['two documents', 'hosts: [a.test]\n---\nhosts: [b.test]\n', 'config-syntax'],
    ['nested beyond reason', '['.repeat(5000), 'config-syntax'],
  ])('%s is refused', async (_, content, code) => {
    put('rcssl.config.yaml', content);
    expect(await codesAt('.')).toEqual([code]);
  });

  it('of deep JSON is refused as well', async () => {
    put('rcssl.config.json', `{ "hosts": ${'['.repeat(50_000)}${']'.repeat(50_000)} }`);
    expect(await codesAt('.')).toEqual(['config-bad-value']);
  });

  it.skipIf(process.platform === 'win32')('of a FIFO is not waited for', async () => {
    execFileSync('mkfifo', [join(folder, 'rcssl.config.json')]);
    expect(await codesAt('.')).toEqual(['config-not-a-file']);
    expect(await codesAt('.', 'rcssl.config.json')).toEqual(['config-not-a-file']);
  });

  it('of a folder or a broken link is not there', async () => {
    mkdirSync(join(folder, 'rcssl.config.json'));
    expect(await codesAt('.')).toEqual(['config-not-a-file']);
    rmSync(join(folder, 'rcssl.config.json'), { recursive: true });
    symlinkSync('nowhere.json', join(folder, 'rcssl.config.json'));
    put('.rcsslrc', 'hosts: [a.test]');
    expect(await hostsAt('.')).toEqual(['a.test']);
  });
});

describe('rcssl.config.example.ts', () => {
  it('is right, and no client refuses what it asks for', async () => {
    const cwd = join(import.meta.dirname, '../..');
    const { config, diagnostics } = await loadConfig({ cwd, file: 'rcssl.config.example.ts', env: {} });
    expect(diagnostics).toEqual([]);
    expect(config.hosts[0]?.names.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['mydomain.com', '*.mydomain.com', 'localhost', '127.0.0.1', '::1']),
    );
    expect(config.ca.output.key?.path).toBe(join(cwd, 'certs/Rocket.Chat-root.key'));
  });
});

describe('the signal', () => {
  const aborted = (signal: AbortSignal): Promise<unknown> => loadConfig({ cwd: folder, env: {}, signal });

  it('stops a load before it begins', async () => {
    put('rcssl.config.mjs', 'throw new Error("it ran")');
    await expect(aborted(AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });

  it('ends the wait for a promise that does not settle', async () => {
    put('rcssl.config.mjs', 'export default new Promise(() => {});');
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(aborted(controller.signal)).rejects.toThrow('enough');
  });
});
