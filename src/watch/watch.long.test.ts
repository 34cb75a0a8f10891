import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { watchedConfig, watching } from '../testing/watching.ts';

/** Whatever an editor, git or npm does to a project, on a real disk; a module takes a thread that runs from the source. */

const OWN = watchedConfig();
const ts = (names: string) =>
  `import { defineConfig } from 'rcssl';\n${names}\nexport default defineConfig(${JSON.stringify({ ca: OWN.ca, defaults: { key: 'ecdsa-p256' } }).slice(0, -1)}, hosts: names });`;

describe('a configuration in modules', () => {
  it('counts with every module that it imports, as long as it does', async () => {
    const { project, told, quiet } = await watching();
    project.write('deep/names.ts', "export const names: string[] = ['a.test', 'b.test'];");
    project.write('one.ts', "export { names } from './deep/names.ts';");
    project.remove('rcssl.config.json');
    project.write('rcssl.config.ts', ts("import { names } from './one.ts';"));
    expect((await told())[1]).toBe('create key host:b.test: missing');
    project.write('deep/names.ts', "export const names: string[] = ['a.test', 'c.test'];");
    expect((await told())[1]).toBe('create key host:c.test: missing');
    project.write('deep/names.ts', 'export const names: string[] = [;');
    expect(await told()).toEqual(['failed config-syntax', 'not complete']);
    project.remove('deep');
    expect(await told()).toEqual(['failed config-import-missing']);
    project.write('deep/names.ts', "export const names: string[] = ['a.test', 'd.test'];");
    expect((await told())[1]).toBe('create key host:d.test: missing');
    project.write('rcssl.config.ts', ts("const names = ['a.test'];"));
    expect(await told()).toEqual(['complete']);
    project.write('one.ts', 'export const = broken');
    expect(await quiet()).toEqual([]);
  });

  it('recovers when node_modules has been empty for a while', async () => {
    const { project, told } = await watching();
    const names = (name: string) => {
      project.write('node_modules/names/package.json', '{ "type": "module", "exports": "./index.js" }');
      project.write('node_modules/names/index.js', `export const names = ['a.test', '${name}'];`);
    };
    names('b.test');
    project.remove('rcssl.config.json');
    project.write('rcssl.config.ts', ts("import { names } from 'names';"));
    expect((await told())[1]).toBe('create key host:b.test: missing');
    project.remove('node_modules');
    project.write('rcssl.config.ts', ts("import { names } from 'names';\n"));
    expect(await told()).toEqual(['failed config-import-missing', 'not complete']);
    names('c.test');
    expect((await told()).slice(0, 2)).toEqual(['applied 4', 'create key host:c.test: missing']);
  });
});

describe('links', () => {
  it('a configuration that becomes one is followed to where it leads, and when it leads elsewhere', async () => {
    const { project, told, quiet } = await watching();
    const path = project.path('rcssl.config.json');
    mkdirSync(project.path('one'));
    renameSync(path, project.path('one/config.json'));
    symlinkSync('one/config.json', path);
    await quiet();
    project.write('one/config.json', JSON.stringify(watchedConfig('a.test', 'b.test')));
    expect((await told())[0]).toBe('applied 4');
    project.write('two/config.json', JSON.stringify(watchedConfig('a.test', 'c.test')));
    expect(await quiet()).toEqual([]);
    unlinkSync(path);
    symlinkSync('two/config.json', path);
    expect((await told()).slice(-5)[1]).toBe('create key host:c.test: missing');
    project.write('two/config.json', JSON.stringify(watchedConfig('a.test', 'd.test')));
    expect((await told())[1]).toBe('create key host:d.test: missing');
  });

  it('a folder of outputs that appears later, and that becomes one', async () => {
    const output = { key: 'later/on/a.key', cert: 'later/on/a.crt', csr: false, fullchain: false };
    const { project, told, quiet } = await watching({ ...OWN, hosts: [{ name: 'a.test', key: 'ecdsa-p256', output }] });
    rmSync(project.path('later'), { recursive: true });
    expect((await told())[0]).toBe('applied 2');
    chmodSync(project.path('later/on/a.key'), 0o640);
    expect((await told())[0]).toBe('applied 1');
    renameSync(project.path('later'), project.path('real'));
    symlinkSync('real', project.path('later'));
    await quiet();
    chmodSync(project.path('real/on/a.key'), 0o640);
    expect(await told()).toEqual(['applied 1', 'rewrite key host:a.test: mode']);
  });
});

describe('many at once', () => {
  it('hundreds of files, changed in one go, are one run', async () => {
    const names = Array.from({ length: 80 }, (_, i) => `h${i}.test`);
    const { project, told, events } = await watching(watchedConfig(...names));
    const before = events.length;
    for (const name of names) chmodSync(project.path(`certs/${name}.key`), 0o640);
    for (const name of names) project.remove(`certs/${name}.fullchain.pem`);
    expect((await told())[0]).toBe('applied 160');
    expect(events.slice(before).map(({ type }) => type)).toEqual(['started', 'applied']);
  });

  it('a branch that is switched under it', async () => {
    requireProgram('git');
    const { project, told } = await watching();
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], {
        cwd: project.folder,
        stdio: 'pipe',
      });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '-qm', 'main');
    git('checkout', '-qb', 'other');
    project.configure(watchedConfig('a.test', 'b.test'));
    expect((await told())[0]).toBe('applied 4');
    git('add', '.');
    git('commit', '-qm', 'other');
    git('checkout', '-q', 'main');
    expect(await told()).toEqual(['complete']);
    git('checkout', '-q', 'other');
    await told();
    expect((await project.plan()).complete).toBe(true);
    git('checkout', '-q', '--orphan', 'empty');
    git('rm', '-rqf', '.');
    expect(await told()).toEqual(['failed config-not-found', 'not complete']);
    git('checkout', '-q', 'main');
    expect((await told()).slice(-1)).toEqual(['complete']);
    expect((await project.plan()).complete).toBe(true);
  });

  it('a folder that is moved away and back again, root and all', async () => {
    const { project, told } = await watching();
    renameSync(project.path('certs'), project.path('elsewhere'));
    expect((await told())[0]).toMatch(/failed root-replacement-needs-leave/);
    renameSync(project.path('elsewhere'), project.path('certs'));
    expect(await told()).toEqual(['applied 0', 'complete']);
    project.remove('certs/a.test.key');
    expect((await told())[0]).toBe('applied 4');
  });
});

it('files are looked at one by one where the system tells of nothing', async () => {
  const { project, told } = await watching(watchedConfig('a.test'), true);
  chmodSync(project.path('certs/a.test.key'), 0o644);
  expect(await told()).toEqual(['applied 1', 'rewrite key host:a.test: mode']);
  project.remove('certs/a.test.csr');
  expect((await told())[0]).toBe('applied 1');
  project.configure(watchedConfig('a.test', 'b.test'));
  expect((await told())[0]).toBe('applied 4');
});

it('what something else writes by turns is told, and put right ever more seldom; the rest goes on', async () => {
  const { project, events } = await watching();
  const path = project.path('certs/a.test.crt');
  const runs = () => events.filter(({ type }) => type === 'applied').length;
  const other = setInterval(() => {
    if (existsSync(path) && readFileSync(path).length > 8) writeFileSync(path, 'contested');
  }, 10);
  onTestFinished(() => clearInterval(other));
  const isTold = () =>
    events.some((event) => event.type === 'notice' && event.diagnostics.some(({ code }) => code === 'watch-contested'));
  await expect.poll(isTold, { timeout: 30_000 }).toBe(true);
  const before = runs();
  await sleep(8000);
  // After 1, 2 and 4 s.
  expect(runs() - before).toBeLessThanOrEqual(4);
  project.remove('certs/a.test.csr');
  await expect.poll(() => existsSync(project.path('certs/a.test.csr')), { timeout: 5000 }).toBe(true);
  clearInterval(other);
  const complete = () => events.findLast((event) => event.type === 'status')?.complete;
  await expect.poll(complete, { timeout: 70_000, interval: 100 }).toBe(true);
});
