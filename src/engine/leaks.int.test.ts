import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { checkConfig, checkProject } from './check.ts';

requireProgram('git');

const CONFIG = {
  ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } },
  hosts: [{ name: 'a.test', key: 'ecdsa-p256' }],
};

async function found(project: ScratchProject): Promise<string[]> {
  const { diagnostics } = await checkConfig(project.world, { cwd: project.folder });
  return diagnostics.map(({ code, args }) => `${code} ${'path' in args ? String(args.path) : ''}`);
}

function repository(config: object): ScratchProject {
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

it('names keys that git has already', async () => {
  const project = repository(CONFIG);
  project.write('.gitignore', '/certs/*.key\n');
  await project.apply();
  execFileSync('git', ['-C', project.folder, 'add', '-f', 'certs/a.test.key']);
  expect(await found(project)).toEqual(['key-tracked certs/a.test.key']);
  const { diagnostics, pending } = await checkProject(project.world, { cwd: project.folder });
  expect(diagnostics.map(({ severity }) => severity)).toContain('error');
  expect(pending).toBe(false);
});

it('names keys in a folder that servers publish, with no git at all', async () => {
  const project = scratchProject({ ...CONFIG, outDir: 'public/tls' });
  expect(await found(project)).toEqual(['key-served public/tls/a.test.key']);
});
