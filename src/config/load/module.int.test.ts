import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const LOAD = pathToFileURL(join(import.meta.dirname, '../load.ts')).href;

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-module-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** Runs a script in a Node of its own, since vitest imports through Vite. `load()` gives the names of the hosts. */
function run(script: string, flags: readonly string[] = []): { out: string; err: string; code: number | null } {
  put(
    'script.mjs',
    `import { loadConfig } from ${JSON.stringify(LOAD)};
     import { writeFileSync as put, realpathSync } from 'node:fs';
     import { basename } from 'node:path';
     process.chdir(${JSON.stringify(folder)});
     const load = async (env = {}) => (await loadConfig({ cwd: process.cwd(), env })).config.hosts.map(({ name }) => name).join();
     const files = async () => (await loadConfig({ cwd: process.cwd(), env: {} })).files.map((file) => basename(file)).join();
     const problem = () => load().then(String, (error) => error.diagnostics.map(({ code }) => code).join());
     const say = (text) => console.log(String(text));
     ${script}`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, join(folder, 'script.mjs')], {
    encoding: 'utf8',
  });
  return { out: stdout.trim(), err: stderr, code: status };
}

describe('a reload', () => {
  it.each([
    [
      'ts',
      'ts',
      "import { name } from './names.ts';\nexport default { hosts: [name] };",
      (name: string) => `export const name: string = '${name}';`,
    ],
    [
      'mjs',
      'mjs',
      "export default async () => ({ hosts: [(await import('./names.mjs')).name] });",
      (name: string) => `export const name = '${name}';`,
    ],
    [
      'cjs',
      'cjs',
      "module.exports = { hosts: [require('./names.cjs').name] };",
      (name: string) => `exports.name = '${name}';`,
    ],
    [
      'ts',
      'json',
      "import names from './names.json' with { type: 'json' };\nexport default { hosts: [names.name] };",
      (name: string) => JSON.stringify({ name }),
    ],
  ])('of a .%s reads the .%s that it imports anew', (ending, other, config, names) => {
    put(`rcssl.config.${ending}`, config);
    put(`names.${other}`, names('a.test'));
    const { out, err } = run(`
      say(await load());
      put('names.${other}', ${JSON.stringify(names('b.test'))});
      say(await load());
      say(await files());`);
    expect(err).toBe('');
    expect(out.split('\n')).toEqual(['a.test', 'b.test', `rcssl.config.${ending},names.${other}`]);
  });

  it('reads modules behind modules, and leaves packages alone', () => {
    put(
      'rcssl.config.mjs',
      "import './one.mjs'; import { count } from 'package'; import { two } from './one.mjs';\nexport default { hosts: [`${two}${count}.test`] };",
    );
    put('one.mjs', "export { two } from './deep/two.mjs';");
    put('deep/two.mjs', "export const two = 'a';");
    put('node_modules/package/package.json', '{ "name": "package", "type": "module", "exports": "./index.js" }');
    put(
      'node_modules/package/index.js',
      'globalThis.loaded = (globalThis.loaded ?? 0) + 1;\nexport const count = globalThis.loaded;',
    );
    const { out, err } = run(
      `say(await load()); put('deep/two.mjs', "export const two = 'b';"); say(await load()); say(await files());`,
    );
    expect(err).toBe('');
    expect(out.split('\n')).toEqual(['a1.test', 'b1.test', 'rcssl.config.mjs,one.mjs,two.mjs']);
  });

  it('of a configuration that was mended works', () => {
    put('rcssl.config.ts', 'export default { hosts: [ };');
    const { out } = run(`
      say(await problem());
      put('rcssl.config.ts', "throw new Error('no');");
      say(await problem());
      put('rcssl.config.ts', "export default { hosts: ['a.test'] };");
      say(await load());`);
    expect(out.split('\n')).toEqual(['config-syntax', 'config-threw', 'a.test']);
  });
});

describe('what a configuration may be', () => {
  it('a function, given the environment and nothing else', () => {
    put(
      'rcssl.config.mjs',
      'export default (context) => ({ hosts: [context.env.TEAM, ...Object.keys(context).map((key) => `${key}.test`)] });',
    );
    expect(run("say(await load({ TEAM: 'team.test' }))").out).toBe('team.test,env.test');
  });

  it('a promise, a function that gives one, and what a compiler made of ES modules', () => {
    put('rcssl.config.mjs', "export default new Promise((done) => setTimeout(done, 5, { hosts: ['a.test'] }));");
    expect(run('say(await load())').out).toBe('a.test');
    rmSync(join(folder, 'rcssl.config.mjs'));
    put(
      'rcssl.config.cjs',
      "Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = async () => ({ hosts: ['b.test'] });",
    );
    expect(run('say(await load())').out).toBe('b.test');
  });

  it('one that imports rcssl where none is installed, by import and by require', () => {
    put(
      'rcssl.config.ts',
      "import { defineConfig, type UserConfig } from 'rcssl';\nconst config: UserConfig = { hosts: ['a.test'] };\nexport default defineConfig(config);",
    );
    expect(run('say(await load())')).toMatchObject({ out: 'a.test', err: '' });
    rmSync(join(folder, 'rcssl.config.ts'));
    put('rcssl.config.cjs', "module.exports = require('rcssl').defineConfig({ hosts: ['b.test'] });");
    expect(run('say(await load())')).toMatchObject({ out: 'b.test', err: '' });
  });
});

describe('the process', () => {
  it('hears nothing of how Node loads it: typeless package, type stripping', () => {
    put('package.json', '{ "name": "app" }');
    put('rcssl.config.ts', "import { name } from './names.js';\nexport default { hosts: [name] };");
    put('names.js', "export const name = 'a.test';");
    expect(run('say(await load())')).toEqual({ out: 'a.test', err: '', code: 0 });
  });

  it('still hears the warnings of the configuration, and its own afterwards', () => {
    put('rcssl.config.mjs', "process.emitWarning('mind the gap');\nexport default { hosts: ['a.test'] };");
    const { err } = run(
      "const before = process.emitWarning; await load(); say(before === process.emitWarning); process.emitWarning('later', 'ExperimentalWarning');",
    );
    expect(err).toMatch(/mind the gap/);
    expect(err).toMatch(/later/);
  });

  it('has no hooks left: rcssl is nothing to others', () => {
    put(
      'rcssl.config.mjs',
      "import { defineConfig } from 'rcssl';\nexport default defineConfig({ hosts: ['a.test'] });",
    );
    expect(run("await load(); say(await import('rcssl').then(() => 'found', ({ code }) => code))").out).toBe(
      'ERR_MODULE_NOT_FOUND',
    );
  });

  it('does not end when a promise never settles', () => {
    put('rcssl.config.mjs', 'export default new Promise(() => {});');
    // Thirty seconds pass at once.
    const { out, code } = run(
      'const { setTimeout: real } = globalThis; globalThis.setTimeout = (then, ms) => real(then, ms / 1000); say(await problem())',
    );
    expect([out, code]).toEqual(['config-hangs', 0]);
  });
});

describe('an error', () => {
  it('never shows a stack, and its message stays on one line', () => {
    put('rcssl.config.mjs', "throw Object.assign(new Error('first\\nsecond \\u001b[31mred'), { code: 'X' });");
    const { out } = run(
      'await loadConfig({ cwd: process.cwd(), env: {} }).catch((error) => say(JSON.stringify(error.diagnostics)))',
    );
    expect(JSON.parse(out)).toMatchObject([
      {
        code: 'config-threw',
        args: { message: 'first second [31mred' },
        place: { file: join(folder, 'rcssl.config.mjs'), line: 1, column: 21 },
      },
    ]);
  });
});
