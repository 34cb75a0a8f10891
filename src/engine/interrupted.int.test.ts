import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { changedFiles, scratchProject, type ScratchProject } from '../testing/project.ts';
import { checkProject } from './check.ts';
import { statusProject } from './status.ts';

describe('an apply that was interrupted', () => {
  const journal = JSON.stringify({
    formatVersion: 1,
    id: '0123456789ab',
    at: '2026-11-25T10:00:00.000Z',
    ready: false,
    folders: [],
    units: [{ clear: [], files: [{ path: 'certs/new.key', hash: '00' }] }],
    removes: [],
  });
  const interrupted = async (): Promise<ScratchProject> => {
    const project = scratchProject({ ca: { key: 'ecdsa-p256' }, defaults: { key: 'ecdsa-p256' }, hosts: ['a.test'] });
    await project.apply();
    project.write('.rcssl/journal.json', journal);
    project.write('certs/.rcssl-0123456789ab-0.key', 'half a key');
    return project;
  };

  it('is told by what only reads, which writes nothing', async () => {
    const project = await interrupted();
    const before = project.snapshot();
    const result = await project.plan();
    expect(result).toMatchObject({ complete: false, diagnostics: [{ code: 'apply-interrupted' }] });
    expect(await checkProject(project.world, { cwd: project.folder })).toMatchObject({ pending: true });
    expect((await statusProject(project.world, { cwd: project.folder })).diagnostics).toMatchObject(
      result.diagnostics.slice(0, 1),
    );
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });

  it('is undone by the next one, which says so and has nothing else to do', async () => {
    const project = await interrupted();
    const told: unknown[] = [];
    const result = await project.apply({ onRecovered: (recovered) => told.push(...recovered) });
    expect(result).toMatchObject({ complete: true, done: [], recovered: [{ outcome: 'undone' }] });
    expect(told).toEqual(result.recovered);
    expect(
      [project.path('certs/.rcssl-0123456789ab-0.key'), project.path('.rcssl/journal.json')].filter(existsSync),
    ).toEqual([]);
  });
});
