import { mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import type { World } from '../kernel/ports.ts';
import { certificatesIn } from '../trust/system-bundle.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { trustEnvironment } from './environment.ts';

const CONFIG = {
  ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'app.test', key: 'ecdsa-p256' }],
};

/** Another root, which the system or the user trusts. */
async function otherRoot(): Promise<string> {
  const other = scratchProject({ ...CONFIG, ca: { ...CONFIG.ca, name: 'Other' } });
  await other.apply();
  return other.read('certs/root.crt');
}

async function applied(): Promise<ScratchProject> {
  const project = scratchProject(CONFIG);
  await project.apply();
  return project;
}

/** A computer that trusts these roots, and this environment. */
function worldWith({ world }: ScratchProject, systemPem: string, env: Record<string, string> = {}): World {
  return {
    ...world,
    env: { ...world.env, ...env },
    computer: () => ({ ...world.computer(), system: 'macos' }),
    systemRoots: () => Promise.resolve(systemPem === '' ? [] : [systemPem]),
  };
}

const variablesOf = async (project: ScratchProject, world: World): Promise<Readonly<Record<string, string>>> =>
  (await trustEnvironment(world, { cwd: project.folder })).variables;

const certificates = (path: string | undefined): string[] =>
  certificatesIn(readFileSync(path ?? '', 'utf8')).map((der) => der.toString('base64'));

const pems = (...texts: string[]): string[] =>
  texts.flatMap((text) => certificatesIn(text).map((der) => der.toString('base64')));

it('what replaces the roots of the system holds them too; what adds is the root alone', async () => {
  const [project, system] = [await applied(), await otherRoot()];
  const variables = await variablesOf(project, worldWith(project, system));
  expect(variables['NODE_EXTRA_CA_CERTS']).toBe(project.path('certs/root.crt'));
  expect(variables['SSL_CERT_FILE']).toBe(project.path('.rcssl/exec/system.pem'));
  expect(variables['CURL_CA_BUNDLE']).toBe(variables['SSL_CERT_FILE']);
  expect(certificates(variables['SSL_CERT_FILE'])).toEqual(pems(system, project.read('certs/root.crt')));
  expect(statSync(project.path('.rcssl/exec/system.pem')).mode & 0o777).toBe(0o644);
});

it('a file that a variable names already stays trusted, by whoever falls back on it', async () => {
  const [project, own] = [await applied(), await otherRoot()];
  project.write('own.pem', own);
  const env = { NODE_EXTRA_CA_CERTS: project.path('own.pem'), CURL_CA_BUNDLE: project.path('own.pem') };
  const variables = await variablesOf(project, worldWith(project, await otherRoot(), env));
  const both = pems(own, project.read('certs/root.crt'));
  for (const name of ['NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE']) {
    expect(certificates(variables[name])).toEqual(both);
  }
  expect(variables['SSL_CERT_FILE']).toBe(project.path('.rcssl/exec/system.pem'));
  expect(project.read('own.pem')).toBe(own);
});

it('made in its own environment it is the same, and nothing is written', async () => {
  const [project, own, system] = [await applied(), await otherRoot(), await otherRoot()];
  project.write('own.pem', own);
  const first = await variablesOf(project, worldWith(project, system, { SSL_CERT_FILE: project.path('own.pem') }));
  const before = project.snapshot();
  expect(await variablesOf(project, worldWith(project, system, first))).toEqual(first);
  expect(project.snapshot()).toEqual(before);
});

it('follows the root and the system, under the same name', async () => {
  const [project, one, two] = [await applied(), await otherRoot(), await otherRoot()];
  const before = await variablesOf(project, worldWith(project, one));
  const { plan } = await project.plan();
  await project.apply({ force: [plan.ca.id], replaceRoot: true });
  expect(await variablesOf(project, worldWith(project, two, before))).toEqual(before);
  expect(certificates(before['GIT_SSL_CAINFO'])).toEqual(pems(two, project.read('certs/root.crt')));
});

it('a root that the system trusts is not said twice', async () => {
  const project = await applied();
  const variables = await variablesOf(project, worldWith(project, project.read('certs/root.crt')));
  expect(certificates(variables['SSL_CERT_FILE'])).toHaveLength(1);
});

it('leaves a variable alone whose file it cannot read, and those that would take the roots of the system away', async () => {
  const project = await applied();
  project.write('nonsense.pem', 'nothing');
  mkdirSync(project.path('folder'));
  const env = {
    NODE_EXTRA_CA_CERTS: project.path('gone.pem'),
    GIT_SSL_CAINFO: project.path('nonsense.pem'),
    REQUESTS_CA_BUNDLE: project.path('folder'),
  };
  const { variables, diagnostics } = await trustEnvironment(worldWith(project, '', env), { cwd: project.folder });
  expect(variables).toEqual({ DENO_CERT: project.path('certs/root.crt') });
  expect(diagnostics.map(({ code, args }) => [code, args])).toEqual([
    ['exec-bundle-unreadable', { name: 'NODE_EXTRA_CA_CERTS', path: project.path('gone.pem'), why: 'is not there' }],
    ['exec-bundle-unreadable', { name: 'REQUESTS_CA_BUNDLE', path: project.path('folder'), why: 'is no file' }],
    [
      'exec-bundle-unreadable',
      { name: 'GIT_SSL_CAINFO', path: project.path('nonsense.pem'), why: 'holds no certificates' },
    ],
    // What falls back on that folder stays with it too.
    ['exec-bundle-unreadable', expect.objectContaining({ name: 'AWS_CA_BUNDLE' })],
    ['exec-bundle-unreadable', expect.objectContaining({ name: 'PIP_CERT' })],
    ['exec-no-system-roots', { names: expect.arrayContaining(['SSL_CERT_FILE', 'CURL_CA_BUNDLE']) }],
  ]);
});

it('says so where there is no root yet, and writes through no link', async () => {
  const codes = (project: ScratchProject): Promise<unknown> =>
    trustEnvironment(worldWith(project, ''), { cwd: project.folder }).then(
      () => undefined,
      (error: unknown) => (error instanceof RcsslError ? error.diagnostics[0]?.code : error),
    );
  expect(await codes(scratchProject(CONFIG))).toBe('exec-no-root');
  const project = await applied();
  mkdirSync(project.path('elsewhere'));
  symlinkSync(project.path('elsewhere'), project.path('.rcssl/exec'));
  expect(await codes(project)).toBe('state-link');
});
