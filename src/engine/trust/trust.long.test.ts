import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callCli } from '../../testing/call-cli.ts';
import { requireProgram } from '../../testing/programs.ts';
import { changedFiles, scratchProject, type ScratchProject } from '../../testing/project.ts';
import { trustRoots } from './trust.ts';

requireProgram('certutil');

/* Databases of a home of its own; src/trust/*.long.test.ts have the system's stores, and cli/json.int.test.ts is the quick one. */

const CONFIG = {
  ca: { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'app.test', key: 'ecdsa-p256' }],
};

const homeOf = ({ folder }: ScratchProject) => join(dirname(folder), 'home');
const trustFolder = ({ folder }: ScratchProject) => join(dirname(folder), 'data/rcssl/trust');

async function applied(config: object = CONFIG): Promise<{ project: ScratchProject; database: string }> {
  const { PATH = '' } = process.env;
  const project = scratchProject(config, { PATH });
  await project.apply();
  const database = join(homeOf(project), '.pki/nssdb');
  mkdirSync(database, { recursive: true });
  execFileSync('certutil', ['-N', '-d', `sql:${database}`, '--empty-password']);
  return { project, database };
}

const list = (database: string) => execFileSync('certutil', ['-L', '-d', `sql:${database}`], { encoding: 'utf8' });
const STORES = ['--store', 'chromium', 'bundle'];

describe('rcssl trust', () => {
  test('shows what it would do and writes nothing, until somebody says yes', async () => {
    const { project } = await applied();
    const before = project.snapshot();
    const shown = await callCli(project, ['trust', '--dry-run', ...STORES]);
    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('certutil -A');
    for (const more of [[], ['--json']]) {
      const refused = await callCli(project, ['trust', ...STORES, ...more]);
      expect(refused.code).toBe(1);
      expect(refused.out + refused.err).toMatch(/nobody is here to be asked/);
    }
    expect(changedFiles(before, project.snapshot())).toEqual([]);
  });

  test('puts the root there, remembers it, and finds nothing to do then; untrust undoes it', async () => {
    const { project, database } = await applied();
    const empty = list(database);
    expect(await callCli(project, ['trust', '--yes', ...STORES])).toMatchObject({ code: 0, err: '' });
    expect(list(database)).toMatch(/^rcssl-[0-9a-f]{12} +C,, *$/m);
    const folder = trustFolder(project);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'registry.json')).mode & 0o777).toBe(0o600);
    const before = project.snapshot();
    const again = await callCli(project, ['trust', ...STORES]);
    expect(again.code).toBe(0);
    expect(again.out.match(/trusts\s+it\s+already/g)).toHaveLength(2);
    expect(changedFiles(before, project.snapshot())).toEqual([]);
    expect(await callCli(project, ['untrust', '--yes', ...STORES])).toMatchObject({ code: 0, err: '' });
    expect(list(database)).toBe(empty);
    expect(existsSync(join(folder, 'registry.json'))).toBe(false);
    expect(await callCli(project, ['untrust', ...STORES])).toMatchObject({ code: 0 });
  });

  test('warns of a root without constraints, in one line', async () => {
    const { project } = await applied({ ...CONFIG, ca: { ...CONFIG.ca, constraints: 'none' } });
    const { err } = await callCli(project, ['trust', '--dry-run', ...STORES]);
    expect(err).toMatch(/^warning: the root Test Root has no name constraints: .*\nhint: .*\n$/);
  });

  test('refuses words that are no store, another system’s, and what does not go together', async () => {
    const { project } = await applied();
    const errors = async (...argv: string[]) => (await callCli(project, argv)).err;
    expect(await errors('trust', '--store', 'chromiun', 'x')).toMatch(
      /unknown trust store: chromiun\nhint: did you mean chromium\n.*unknown trust store: x/s,
    );
    expect(await errors('trust', '--store', 'macos-login')).toMatch(/belongs to another system/);
    expect(await errors('trust', '--status', '--print')).toMatch(/exclude each other/);
    expect(await errors('trust', '--all')).toMatch(/only with --status/);
    expect(await errors('trust', '--print', '--os', 'beos')).toMatch(/not known here: beos/);
    project.remove('certs');
    expect(await errors('trust', '--yes', ...STORES)).toMatch(/no root Test Root yet/);
  });

  test('stops at a registry that cannot be read, and changes nothing', async () => {
    const { project, database } = await applied();
    await callCli(project, ['trust', '--yes', ...STORES]);
    const path = join(trustFolder(project), 'registry.json');
    const text = readFileSync(path, 'utf8');
    project.write('../data/rcssl/trust/registry.json', text.slice(1));
    expect((await callCli(project, ['untrust', '--yes'])).err).toMatch(/registry.json: cannot be read/);
    expect(list(database)).toMatch(/rcssl-/);
  });

  test('a configuration declares stores: part of the plan, done by apply --trust and by nothing else', async () => {
    const { project, database } = await applied({ ...CONFIG, trust: { stores: ['chromium', 'windows-user'] } });
    const empty = list(database);
    const planned = await callCli(project, ['plan']);
    expect(planned.out).toMatch(
      /^nothing to do.*\n\ntrust stores, by apply --trust:\n {2}\+ Chromium, Chrome .*nssdb\n\nnext: rcssl apply --trust\n$/,
    );
    expect((await callCli(project, ['apply'])).out).toMatch(/^nothing to do/);
    expect(list(database)).toBe(empty);
    // Nobody is here to be asked.
    expect(await callCli(project, ['apply', '--trust'])).toMatchObject({ code: 1 });
    const argv = ['apply', '--trust', '--yes'];
    expect(await callCli(project, argv)).toMatchObject({ code: 0, err: '' });
    expect(list(database)).toMatch(/rcssl-/);
    expect((await callCli(project, ['plan'])).out).toMatch(/^nothing to do.*\n$/);
    expect(JSON.parse((await callCli(project, [...argv, '--json'])).out)).toMatchObject({
      trust: { complete: true, stores: [{ store: 'chromium', result: 'already' }] },
    });
    // A root that was replaced is a line of the plan, also where nothing is declared any more.
    await project.apply({ force: ['ca:Test Root'], replaceRoot: true });
    project.configure(CONFIG);
    const { out } = await callCli(project, ['plan']);
    expect(out).toMatch(/trusted here, no longer current:\n {2}- Chromium, Chrome .*former root/);
    expect(await callCli(project, ['trust', '--yes', '--store', 'chromium'])).toMatchObject({ code: 0 });
    expect(list(database).match(/rcssl-/g)).toHaveLength(1);
    expect((await callCli(project, ['plan'])).out).toMatch(/^nothing to do.*\n$/);
  });

  test('a database with a password of its own is a failure that says so, and leaves nothing that untrust does not take', async () => {
    const { project, database } = await applied();
    project.write('password', 'tiger-1\n');
    rmSync(database, { recursive: true });
    mkdirSync(database);
    execFileSync('certutil', ['-N', '-d', `sql:${database}`, '-f', project.path('password')]);
    const empty = list(database);
    const { code, err } = await callCli(project, ['trust', '--yes', '--store', 'chromium']);
    expect(code).toBe(1);
    expect(err).toMatch(/SEC_ERROR_BAD_PASSWORD.*\nhint: the database has a password of its own/);
    expect(await callCli(project, ['untrust', '--yes', '--store', 'chromium'])).toMatchObject({ code: 0 });
    expect(list(database)).toBe(empty);
  });

  test('stopped between two stores it tells what was done, and the registry knows it', async () => {
    const { project, database } = await applied();
    const stop = new AbortController();
    const { outcomes } = await trustRoots(project.world, {
      cwd: project.folder,
      stores: ['chromium', 'bundle'],
      canAsk: false,
      signal: stop.signal,
      onLine: ({ store }) => {
        // The first one is carried through.
        if (store === 'chromium') setImmediate(() => stop.abort());
      },
    });
    const [first, second] = outcomes;
    expect(second).toMatchObject({ store: 'bundle', result: 'failed', fault: { output: 'stopped' } });
    expect(list(database).includes('rcssl-')).toBe(first?.result === 'done');
    expect(await callCli(project, ['untrust', '--yes', '--store', 'chromium', 'bundle'])).toMatchObject({ code: 0 });
    expect(list(database)).not.toContain('rcssl-');
    expect(existsSync(join(trustFolder(project), 'registry.json'))).toBe(false);
  });

  test('two at once: one waits for the other', async () => {
    const { project, database } = await applied();
    const argv = ['trust', '--yes', ...STORES];
    const [one, other] = await Promise.all([callCli(project, argv), callCli(project, argv)]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(list(database).match(/rcssl-/g)).toHaveLength(1);
  });
});
