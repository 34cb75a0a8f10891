import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pack, type Packed } from '../../scripts/pack.ts';
import { environment, run, type Ran } from './transcript.ts';

/** What npm would publish, installed from the registry's packages as somebody would, and used in every way there is. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** Bytes after unpacking: 1,510 kB when it was measured, and a fifth more. What is beyond it has swallowed something. */
const SIZE_LIMIT = 1_800_000;

let base: string;
let packed: Packed;
/** The project that has it installed, and one that has nothing. They share a home, and so a root. */
let project: string;
let bare: string;

/** Scripts, which Windows runs by its shell alone. */
const script = (name: 'npm' | 'npx'): string[] => (process.platform === 'win32' ? ['cmd', '/c', name] : [name]);

beforeAll(async () => {
  packed = pack(root);
  base = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-pack-')));
  [project, bare] = [join(base, 'project'), join(base, 'bare')];
  for (const folder of [project, bare]) mkdirSync(join(folder, '.git'), { recursive: true });
  write('package.json', JSON.stringify({ name: 'somebody', private: true, type: 'module' }));
  write('../rcssl.tgz', packed.bytes);
  // npm's own cache, lest each run asks the registry.
  const env = { ...environment(project), HOME: process.env['HOME'] ?? base };
  const args = ['install', '--no-audit', '--no-fund', '--prefer-offline', '../rcssl.tgz'];
  const installed = await run([...script('npm'), ...args], { cwd: project, env });
  if (installed.code !== 0) throw new Error(`npm install failed:\n${installed.stderr}`);
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): void => writeFileSync(join(project, name), content);

const inProject = (...command: string[]): Promise<Ran> => run(command, { cwd: project, env: environment(project) });

test('what is bundled is justified in docs/dependencies.md', () => {
  const licences = readFileSync(join(root, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  const names = Array.from(licences.matchAll(/^(\S+) \d+\.\d+\.\d+\S* \(.+\)$/gm), ([, name]) => name);
  expect(names).toContain('zod');
  const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  expect(names.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
});

test('the tarball holds what is used and no more', () => {
  const expected =
    /^(?:dist\/[\w-]+\.(?:js|d\.ts)|dist\/THIRD-PARTY-LICENSES\.txt|schema\/\w+\.schema\.json|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  expect(packed.files.filter((file) => !expected.test(file))).toEqual([]);
  expect(packed.files).toEqual(
    expect.arrayContaining([
      'dist/bin.js',
      'dist/index.js',
      'dist/index.d.ts',
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
    ]),
  );
  expect(packed.unpackedSize).toBeLessThan(SIZE_LIMIT);
});

test('npx runs it: init, apply, and nothing to do', async () => {
  const npx = script('npx');
  expect(await inProject(...npx, 'rcssl', 'init')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('wrote rcssl.config.ts') as string,
    stderr: '',
  });
  expect(await inProject(...npx, 'rcssl', 'apply')).toMatchObject({ code: 0, stderr: '' });
  expect(await inProject(...npx, 'rcssl', 'apply')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^nothing to do: 2 certificates/) as string,
  });
});

test('a program imports its functions', async () => {
  write(
    'program.mjs',
    `import { apply, check, defineConfig, loadConfig, plan, RcsslError, status } from 'rcssl';
     import { mkdirSync, writeFileSync } from 'node:fs';

     const cwd = 'by-program';
     mkdirSync(cwd);
     const ca = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'root.key' } };
     const config = defineConfig({ ca, hosts: [{ name: 'app.test', key: 'ecdsa-p256' }] });
     writeFileSync('by-program/rcssl.config.json', JSON.stringify(config));
     const loaded = await loadConfig({ cwd });
     const planned = await plan({ cwd });
     const applied = await apply({ cwd });
     const checked = await check({ cwd });
     const shown = await status({ cwd });
     const error = await apply({ cwd, only: ['nobody'] }).catch((error) => error);
     console.log(JSON.stringify([
       loaded.config.hosts.map(({ name }) => name),
       [planned.complete, planned.actions.length],
       [applied.complete, applied.done.length],
       checked.pending,
       shown.hosts.map(({ name, state }) => [name, state]),
       [error instanceof RcsslError, error.diagnostics.map(({ code }) => code)],
     ]));`,
  );
  const { stdout, stderr } = await inProject(process.execPath, 'program.mjs');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([
    ['app.test'],
    [false, 6],
    [true, 6],
    false,
    [['app.test', 'ok']],
    [true, ['owner-unknown']],
  ]);
});

test('a configuration is typed', async () => {
  const config = (key: string): string => `import { defineConfig, type Config } from 'rcssl';
    export const nothing: Config | undefined = undefined;
    export default defineConfig({
      ca: { name: 'Test Root', key: 'ecdsa-p256', constraints: 'auto', passphrase: { env: 'ROOT_PASSPHRASE' } },
      hosts: ['localhost', { name: 'app.test', ${key}: ['chat.local'], output: { csr: false } }],
    });`;
  write('right.ts', config('altNames'));
  write('wrong.ts', config('alNames'));
  // Its declarations are checked too, and want those of Node.
  const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023'];
  const { stdout } = await inProject(process.execPath, tsc, ...flags, 'right.ts', 'wrong.ts');
  expect(stdout).toMatch(/^wrong\.ts\(5,\d+\): error TS\d+: .*'alNames'/);
  expect(stdout.match(/error TS/g)).toHaveLength(1);
});

test('where nothing is installed it loads the TypeScript configuration that it wrote', async () => {
  const bin = join(project, 'node_modules/rcssl/dist/bin.js');
  const options = { cwd: bare, env: environment(bare) };
  expect(await run([process.execPath, bin, 'init'], options)).toMatchObject({ code: 0, stderr: '' });
  expect(await run([process.execPath, bin, 'apply'], options)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('certs/localhost.{key,crt,csr,fullchain.pem}') as string,
    stderr: '',
  });
});
