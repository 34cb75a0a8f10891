import { execFileSync, spawnSync } from 'node:child_process';
import { readlinkSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SEARCH_PLACES } from '../config/search-places.ts';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { CONFIG_FORMATS, type ConfigFormat } from './init/render.ts';
import { initProject } from './init.ts';

const initIn = ({ world, folder }: ReturnType<typeof scratchProject>, format: ConfigFormat = 'json') =>
  initProject(world, { cwd: folder, format });

test.each(CONFIG_FORMATS)('%s: what is written loads, applies, and leaves nothing to do', async (format) => {
  const project = scratchProject();
  const result = await initIn(project, format);
  expect(result).toMatchObject({ config: project.path(`rcssl.config.${format}`), found: [] });
  expect(result.ignore).toEqual({
    path: project.path('.gitignore'),
    created: true,
    added: ['/certs/*.key', '/.rcssl/'],
  });
  const { plan, diagnostics } = await project.apply();
  expect(diagnostics).toEqual([]);
  expect(plan.ca.shared).toBe(true);
  const names = plan.hosts[0]?.certificate.target.profile.names.map(({ value }) => value) ?? [];
  expect(names.slice(0, 3)).toEqual(['localhost', '127.0.0.1', '::1']);
  expect((await project.plan()).complete).toBe(true);
});

test.each(CONFIG_FORMATS)('%s: Rocket.Chat gets a root of its own', async (format) => {
  const project = scratchProject();
  project.write('package.json', '{"name":"rocket.chat"}');
  project.write('compose.yml', 'services:\n  rocketchat:\n    image: rocketchat/rocket.chat\n');
  const { found } = await initIn(project, format);
  expect(found.map(({ file }) => file)).toEqual(['package.json', 'compose.yml']);
  expect((await project.plan()).plan.ca.name).toBe('Rocket.Chat Development Root');
});

test('the formats say the same', async () => {
  const plans = CONFIG_FORMATS.map(async (format) => {
    const project = scratchProject();
    await initIn(project, format);
    const { plan } = await project.plan();
    return plan.hosts.map(({ certificate }) => certificate.target.profile);
  });
  const [ts, json, yaml] = await Promise.all(plans);
  expect(json).toEqual(ts);
  expect(yaml).toEqual(ts);
});

describe('an existing configuration', () => {
  test.each(SEARCH_PLACES)('%s stops it before anything is written', async (name) => {
    const project = scratchProject();
    project.write(name, name === 'package.json' ? '\uFEFF{"rcssl":{"hosts":["a.test"]}}' : '');
    const before = project.snapshot();
    const error = await initIn(project, 'ts').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RcsslError);
    expect((error as RcsslError).diagnostics).toMatchObject([
      { code: 'init-config-exists', place: { file: project.path(name) } },
    ]);
    expect(project.snapshot()).toEqual(before);
  });

  test('in a folder above is none of this folder', async () => {
    const project = scratchProject({ hosts: ['a.test'] });
    project.write('inner/x', '');
    const { config } = await initProject(project.world, { cwd: project.path('inner'), format: 'json' });
    expect(config).toBe(project.path('inner/rcssl.config.json'));
  });
});

describe('.gitignore', () => {
  test('keeps its lines and their ends, and gets only what it lacks', async () => {
    const project = scratchProject();
    project.write('.gitignore', 'node_modules\r\n/certs/*.key');
    expect((await initIn(project)).ignore).toMatchObject({ created: false, added: ['/.rcssl/'] });
    expect(project.read('.gitignore')).toBe(
      'node_modules\r\n/certs/*.key\r\n\r\n# rcssl: private keys and its own state\r\n/.rcssl/\r\n',
    );
  });

  test('is not touched where it has everything', async () => {
    const project = scratchProject();
    project.write('.gitignore', '/certs/\n.rcssl\n');
    const before = project.snapshot().get('project/.gitignore');
    expect((await initIn(project)).ignore.added).toEqual([]);
    expect(project.snapshot().get('project/.gitignore')).toBe(before);
  });

  test.skipIf(process.platform === 'win32')('stays a link where it is one, and keeps its mode', async () => {
    const project = scratchProject();
    project.write('shared-ignore', 'x\n', 0o640);
    symlinkSync('shared-ignore', project.path('.gitignore'));
    await initIn(project);
    expect(readlinkSync(project.path('.gitignore'))).toBe('shared-ignore');
    expect(project.read('shared-ignore')).toMatch(/^x\n\n# rcssl.*\n\/certs\/\*\.key\n\/\.rcssl\/\n$/);
    expect(project.snapshot().get('project/shared-ignore')).toMatch(/^640 /);
  });

  test('what it could not write it names', async () => {
    const project = scratchProject();
    const error = await initProject(project.world, { cwd: project.path('nowhere'), format: 'ts' }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as RcsslError).diagnostics).toMatchObject([{ code: 'init-cannot-write', args: { why: 'ENOENT' } }]);
  });
});

describe('git', () => {
  requireProgram('git');

  test('ignores every key and the state, and neither configuration nor certificates', async () => {
    const project = scratchProject();
    execFileSync('git', ['init', '--quiet'], { cwd: project.folder });
    await initIn(project, 'ts');
    await project.apply();
    const files = [...project.snapshot().keys()].flatMap((name) =>
      /^project\/(?!\.git\/)/.test(name) ? [name.slice('project/'.length)] : [],
    );
    const { stdout } = spawnSync('git', ['check-ignore', '--stdin'], { cwd: project.folder, input: files.join('\n') });
    const ignored = stdout.toString().trim().split('\n');
    const holdsKey = files.filter((name) => project.read(name).includes('PRIVATE KEY'));
    expect(holdsKey).not.toEqual([]);
    expect(ignored.toSorted()).toEqual(
      files.filter((name) => holdsKey.includes(name) || name.startsWith('.rcssl/')).toSorted(),
    );
  });
});
