import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { applyProject } from '../engine/apply.ts';
import { planProject } from '../engine/plan.ts';
import type { World } from '../kernel/ports.ts';
import { createWorld } from '../platform/world.ts';
import { requireProgram } from './programs.ts';
import { summary } from './project.ts';

/* Projects as each released version left them (scripts/archive-project.ts), at the moment at which it did. */

const folder = fileURLToPath(new URL('../../fixtures/projects', import.meta.url));

describe.skipIf(process.platform === 'win32').each(readdirSync(folder))('what %s made', (archive) => {
  requireProgram('tar');
  let base: string;
  let world: World;
  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-released-')));
    onTestFinished(() => rmSync(base, { recursive: true }));
    execFileSync('tar', ['-xpf', join(folder, archive), '--no-same-owner', '-C', base]);
    const now = Date.parse(readFileSync(join(base, 'moment'), 'utf8').trim());
    const env = { HOME: base, XDG_DATA_HOME: join(base, 'data') };
    world = { ...createWorld({ env }), clock: { now: () => now } };
  });

  it.each(['own', 'shared'])('%s: nothing is to do', async (name) => {
    const cwd = join(base, name);
    const { actions, diagnostics } = await planProject(world, { cwd });
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(['keep']));
    expect(diagnostics).toEqual([]);
    expect(summary(await applyProject(world, { cwd }))).toEqual([]);
  });

  it('an apply that was interrupted: it is finished', async () => {
    const cwd = join(base, 'interrupted');
    expect(await applyProject(world, { cwd })).toMatchObject({ done: [], recovered: [{ outcome: 'finished' }] });
    const { actions } = await planProject(world, { cwd });
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(['keep']));
  });
});
