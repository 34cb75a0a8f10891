import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applied, DOCTOR_CONFIG, examine } from '../../testing/doctor.ts';
import { requireProgram } from '../../testing/programs.ts';

describe('trust', () => {
  requireProgram('certutil');

  it('asks the stores themselves: a database without the root, and with it', async () => {
    const project = await applied();
    const { PATH = '' } = process.env;
    // Of this computer nothing but certutil: whatever else it has is not this test's.
    const tools = project.path('tools');
    mkdirSync(tools);
    const certutil = execFileSync('which', ['certutil'], { encoding: 'utf8' }).trim();
    writeFileSync(join(tools, 'certutil'), `#!/bin/sh\nexec ${certutil} "$@"\n`, { mode: 0o755 });
    const world = {
      exec: project.world.exec,
      env: { ...project.world.env, PATH: tools },
      computer: () => ({ ...project.world.computer() }),
    };
    const database = join(project.world.computer().home, '.pki', 'nssdb');
    mkdirSync(database, { recursive: true });
    const nss = (...args: string[]): void =>
      void execFileSync('certutil', [...args, '-d', `sql:${database}`], { env: { PATH }, stdio: 'pipe' });
    nss('-N', '--empty-password');
    const before = (await examine(project, undefined, { world }))['trust'];
    expect(before?.verdict).toBe('bad');
    expect(before?.codes.slice(0, 1)).toEqual(['doctor-trusted-nowhere']);
    expect(before?.codes).toContain('doctor-store-distrusts');
    nss('-A', '-t', 'C,,', '-n', 'root', '-i', project.path('certs/root.crt'));
    const after = (await examine(project, undefined, { world }))['trust'];
    expect(after?.codes).toContain('doctor-store');
    expect(after?.codes).not.toContain('doctor-trusted-nowhere');
    // Declared ones alone, and each has to.
    project.configure({ ...DOCTOR_CONFIG, trust: { stores: ['bundle'] } });
    const declared = (await examine(project, undefined, { world }))['trust'];
    expect(declared).toMatchObject({ verdict: 'bad', codes: ['doctor-trusted-nowhere', 'doctor-store-lacks'] });
  });
});
