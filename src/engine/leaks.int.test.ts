import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { devNull } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { describe as words } from '../diagnostics/diagnostic.ts';
import type { Exec } from '../kernel/ports.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { applyProject } from './apply.ts';
import { checkConfig, checkProject } from './check.ts';

requireProgram('git');
const posix = process.platform !== 'win32';

// Neither the ignored files nor the safe folders of whoever runs this.
beforeEach(() => {
  vi.stubEnv('GIT_CONFIG_GLOBAL', devNull);
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
});
afterEach(() => vi.unstubAllEnvs());

const CONFIG = {
  ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } },
  hosts: [{ name: 'a.test', key: 'ecdsa-p256' }],
};

async function found(project: ScratchProject, cwd = project.folder): Promise<string[]> {
  const { diagnostics } = await checkConfig(project.world, { cwd });
  return diagnostics.map(({ code, args }) => `${code} ${'path' in args ? String(args.path) : ''}`);
}

function repository(config?: object): ScratchProject {
  const project = scratchProject(config);
  rmSync(project.path('.git'), { recursive: true });
  execFileSync('git', ['init', '-q', project.folder]);
  return project;
}

it('names keys that git would take along, before they exist', async () => {
  const project = repository(CONFIG);
  expect(await found(project)).toEqual(['key-not-ignored certs/root.key', 'key-not-ignored certs/a.test.key']);
  project.write('.gitignore', '/certs/*.key\n');
  expect(await found(project)).toEqual([]);
});

it('names a line that every version of a folder is ignored by, before there is one and after', async () => {
  const project = repository({ ...CONFIG, hosts: [{ name: 'a.test', key: 'ecdsa-p256', layout: 'atomic' }] });
  const line = 'certs/.a.test.rcssl-*/a.test.key';
  expect(await found(project)).toEqual(['key-not-ignored certs/root.key', `key-not-ignored ${line}`]);
  await project.apply();
  expect(await found(project)).toEqual(['key-not-ignored certs/root.key', `key-not-ignored ${line}`]);
  project.write('.gitignore', `/certs/root.key\n/${line}\n`);
  await project.apply({ force: ['a.test'] });
  expect(await found(project)).toEqual([]);
});

it('names keys that git has already', async () => {
  const project = repository(CONFIG);
  project.write('.gitignore', '/certs/*.key\n');
  await project.apply();
  execFileSync('git', ['-C', project.folder, 'add', '-f', 'certs/a.test.key']);
  expect(await found(project)).toEqual(['key-tracked certs/a.test.key']);
  const { diagnostics, pending } = await checkProject(project.world, { cwd: project.folder });
  expect(diagnostics.map(({ severity }) => severity)).toContain('error');
  expect(pending).toBe(false);
  // The plan says the same and lets it pass, an apply with nothing to do does not ask.
  expect((await project.plan()).diagnostics).toEqual(diagnostics.map((d) => ({ ...d, severity: 'warning' })));
  const exec: Exec = { run: () => Promise.reject(new Error('asked')) };
  const done = await applyProject({ ...project.world, exec }, { cwd: project.folder });
  expect(done.diagnostics).toEqual([]);
});

it.skipIf(!posix)('names keys that others have rights to, but for declared ones', async () => {
  const group = process.getgid?.();
  const shared = { name: 'b.test', key: 'ecdsa-p256', output: { key: { path: 'certs/b.key', mode: '0640', group } } };
  const project = scratchProject({ ...CONFIG, hosts: [...CONFIG.hosts, shared] });
  await project.apply();
  const look = async () => (await checkProject(project.world, { cwd: project.folder })).diagnostics;
  expect(await look()).toEqual([]);
  chmodSync(project.path('certs/a.test.key'), 0o640);
  chmodSync(project.path('certs/b.key'), 0o644);
  chmodSync(project.path('certs/root.key'), 0o620);
  expect((await look()).map(({ code, severity }) => `${severity} ${code}`)).toEqual(
    Array(3).fill('error key-readable'),
  );
  expect((await look()).map(words)).toMatchObject([
    { text: 'others have rights to the private key certs/root.key: mode 0620' },
    {
      text: 'others have rights to the private key certs/a.test.key: mode 0640',
      hint: 'chmod 0600 certs/a.test.key; if somebody has read it, replace it: rcssl apply --force a.test',
    },
    { hint: expect.stringMatching(/^chmod 0640 certs\/b\.key;/) },
  ]);
  expect((await project.plan()).diagnostics.map(({ severity }) => severity)).toEqual(Array(3).fill('warning'));
  await project.apply();
  expect(await look()).toEqual([]);
});

it('names keys in a folder that servers publish, with no git at all', async () => {
  const project = scratchProject({ ...CONFIG, outDir: 'public/tls' });
  expect(await found(project)).toEqual(['key-served public/tls/a.test.key']);
});

it('names keys where a linked folder really puts them', async () => {
  const project = repository(CONFIG);
  mkdirSync(project.path('tls'));
  symlinkSync('tls', project.path('certs'), 'junction');
  expect(await found(project)).toEqual(['key-not-ignored tls/root.key', 'key-not-ignored tls/a.test.key']);
  project.write('.gitignore', '/tls/*.key\n');
  expect(await found(project)).toEqual([]);
});

it('judges everything in the repository, though the configuration lies in a folder of it', async () => {
  const project = repository();
  project.write('apps/www/rcssl.config.json', JSON.stringify({ ...CONFIG, outDir: '../../certs' }));
  const look = async () =>
    (await checkConfig(project.world, { cwd: project.path('apps/www') })).diagnostics.map((d) => words(d).hint);
  const file = project.path('.gitignore').replaceAll('\\', '/');
  expect((await look()).map((hint) => hint?.replaceAll('\\', '/'))).toEqual([
    `add /apps/www/certs/root.key to ${file}`,
    `add /certs/a.test.key to ${file}`,
  ]);
  project.write('.gitignore', '/apps/www/certs/root.key\n/certs/a.test.key\n');
  expect(await look()).toEqual([]);
  execFileSync('git', ['-C', project.folder, 'init', '-q', 'certs']);
  expect(await look()).toEqual([`add /a.test.key to ${project.path('certs/.gitignore')}`]);
});

it('names keys in a folder that servers publish, by their real place in the repository', async () => {
  const project = repository();
  project.write('.gitignore', '*.key\n');
  project.write('apps/www/rcssl.config.json', JSON.stringify({ ...CONFIG, outDir: '../../public' }));
  const cwd = project.path('apps/www');
  expect(await found(project, cwd)).toEqual([`key-served ${project.path('public/a.test.key')}`]);
  mkdirSync(project.path('apps/www/static'));
  symlinkSync('static', project.path('apps/www/certs'), 'junction');
  expect(await found(project, cwd)).toContain('key-served static/root.key');
});

it('asks of a thousand keys in English and by command lines that Windows takes', async () => {
  const hosts = Array.from({ length: 1000 }, (_, n) => ({ name: `host-${n}.a-longer-name.test`, key: 'ecdsa-p256' }));
  const project = repository({ ...CONFIG, hosts });
  let longest = 0;
  const languages = new Set<string | undefined>();
  const exec: Exec = {
    run(argv, options) {
      languages.add(options.env?.['LC_ALL']);
      longest = Math.max(longest, argv.join('" "').length);
      return project.world.exec.run(argv, options);
    },
  };
  const look = async () => {
    const { diagnostics } = await checkConfig({ ...project.world, exec }, { cwd: project.folder });
    return diagnostics.map(({ code }) => code);
  };
  expect(await look()).toEqual(Array.from({ length: 1001 }, () => 'key-not-ignored'));
  project.write('.gitignore', '*.key\n');
  expect(await look()).toEqual([]);
  for (const n of [0, 999]) project.write(`certs/host-${n}.a-longer-name.test.key`, 'x');
  execFileSync('git', ['-C', project.folder, 'add', '-f', 'certs']);
  expect(await look()).toEqual(['key-tracked', 'key-tracked']);
  expect(longest).toBeLessThan(32_767);
  // What git says when there is no repository is told by its English words.
  expect([...languages]).toEqual(['C']);
});

it.skipIf(!posix)('runs no fsmonitor of the repository', async () => {
  const project = repository(CONFIG);
  project.write('.gitignore', '/certs/*.key\n');
  project.write('hook', `#!/bin/sh\ntouch '${project.path('ran')}'\n`, 0o755);
  execFileSync('git', ['-C', project.folder, 'config', 'core.fsmonitor', project.path('hook')]);
  execFileSync('git', ['-C', project.folder, 'ls-files'], { stdio: 'ignore' });
  expect(existsSync(project.path('ran'))).toBe(true);
  project.remove('ran');
  expect(await found(project)).toEqual([]);
  expect(existsSync(project.path('ran'))).toBe(false);
});

it('says that git refuses a repository of somebody else', async () => {
  const project = repository(CONFIG);
  vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
  const { diagnostics } = await checkConfig(project.world, { cwd: project.folder });
  expect(diagnostics).toMatchObject([{ code: 'leaks-unknown', severity: 'error' }]);
  expect(diagnostics.map(words)).toEqual([
    {
      text: expect.stringMatching(/ from .*project: .*(dubious ownership|owned by someone else)/),
      hint: expect.stringMatching(/^git config --global --add safe\.directory .*project'?$/),
    },
  ]);
  await project.apply();
  const checked = await checkProject(project.world, { cwd: project.folder });
  expect(checked.diagnostics).toMatchObject([{ code: 'leaks-unknown', severity: 'warning' }]);
  expect((await project.plan()).diagnostics).toEqual(checked.diagnostics);
});

it('says why git could not be asked, and passes over no git and no repository alone', async () => {
  const project = repository(CONFIG);
  const answer = async (run: Exec['run']) => {
    const { diagnostics } = await checkConfig({ ...project.world, exec: { run } }, { cwd: project.folder });
    return diagnostics.map((d) => ('why' in d.args ? `${d.code}: ${String(d.args.why)}` : d.code));
  };
  const fault = (code: string) => () => Promise.reject(Object.assign(new Error(`spawn git ${code}`), { code }));
  const nothing = Buffer.alloc(0);
  expect(await answer(fault('ENOENT'))).toEqual([]);
  expect(await answer(fault('EACCES'))).toEqual(['leaks-unknown: spawn git EACCES']);
  expect(await answer(async () => ({ code: null, stdout: nothing, stderr: nothing }))).toEqual([
    'leaks-unknown: no answer within 10 s',
  ]);
  // Asked the first question, and not the second.
  expect(
    await answer((argv, options) =>
      argv.includes('ls-files') ? fault('EIO')() : project.world.exec.run(argv, options),
    ),
  ).toEqual(['leaks-unknown: spawn git EIO']);

  rmSync(project.path('.git'), { recursive: true });
  project.write('.git', 'gitdir: /not/mounted/here\n');
  expect(await found(project)).toEqual(['leaks-unknown ']);
  project.remove('.git');
  expect(await found(project)).toEqual([]);
  mkdirSync(project.path('.git'));
  expect(await found(project)).toEqual([]);
});
