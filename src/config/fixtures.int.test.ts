import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Config } from './types.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/configs');

const SCRIPT = join(import.meta.dirname, '../testing/say-configs.ts');

let folder: string;

interface Said {
  readonly text: string;
  readonly config: Config | undefined;
  readonly files: readonly string[];
}

// In a process of its own: in vitest's, every import would go through Vite, which takes what Node refuses.
let said: ReadonlyMap<string, Said>;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-config-')));
  // In a folder of its own, so that the repository around the fixtures is not the project.
  cpSync(FIXTURES, folder, { recursive: true });
  const folders = ['bad', 'good'].flatMap((kind) =>
    readdirSync(join(folder, kind)).map((name) => join(folder, kind, name)),
  );
  const output = execFileSync(process.execPath, [SCRIPT, ...folders], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  said = new Map(Object.entries(JSON.parse(output) as Record<string, Said>));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function saidOf(kind: string, name: string): Said {
  const result = said.get(join(folder, kind, name));
  if (!result) throw new Error(`nothing was said of ${name}`);
  return result;
}

describe('bad configurations', () => {
  const names = readdirSync(join(FIXTURES, 'bad'));

  it('are thirty or more', () => {
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  it.each(names)('%s', async (name) => {
    const { text } = saidOf('bad', name);
    await expect(text).toMatchFileSnapshot(join(FIXTURES, 'bad', name, 'expected.txt'));
    expect(text).not.toBe('');
    expect(text).not.toMatch(/hunter2|correct horse|undefined|\[object|Invalid input/);
  });
});

describe('good configurations', () => {
  it.each(readdirSync(join(FIXTURES, 'good')))('%s', (name) => {
    const { text, config, files } = saidOf('good', name);
    expect(text).toBe('');
    expect(config?.hosts[0]?.id).toBe('host:localhost');
    expect(files[0]).toBe(config?.file);
    expect(config?.root).toBe(join(folder, 'good', name));
  });

  it('say which files they were read from', () => {
    expect(saidOf('good', 'ts').files.map((file) => basename(file))).toEqual(['rcssl.config.ts', 'hosts.ts']);
    expect(saidOf('good', 'async-function').files).toHaveLength(2);
  });
});
