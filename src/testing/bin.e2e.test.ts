import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { COMMAND_NAMES } from '../cli/commands.ts';
import { bin } from './built.ts';
import { findProgram, requireProgram } from './programs.ts';
import { changedFiles, scratchProject, type ScratchProject } from './project.ts';
import { environment, run, type Ran } from './transcript.ts';

/** The built command as a process: what its exit, its streams and signals do, which no transcript can show. */

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const SMALL = { ca: CA, defaults: { key: 'ecdsa-p256' }, hosts: ['app.test', 'api.test'] };
/** Half a minute of work on a fast machine, in steps of a tenth of a second. */
const LONG = { ca: CA, hosts: Array.from({ length: 400 }, (_, index) => `h${index}.test`) };

const posix = process.platform !== 'win32';

const rcssl = (project: ScratchProject, ...args: string[]): Promise<Ran> =>
  run([process.execPath, bin, ...args], { cwd: project.folder, env: environment(project.folder) });

/** `$RCSSL` in a script is the built command. */
const shell = (project: ScratchProject, script: string): Promise<Ran> =>
  run(['bash', '-c', `set -o pipefail; ${script}`], {
    cwd: project.folder,
    env: { ...environment(project.folder), RCSSL: `${process.execPath} ${bin}` },
  });

/** What was written since, the compile cache and folders apart. */
const written = (project: ScratchProject, before: Map<string, string>): string[] =>
  changedFiles(before, project.snapshot()).filter((name) => !/^(?:cache|data\/rcssl\/cache)\//.test(name));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** An apply that has taken the lock and makes keys. */
async function applyAtWork(project: ScratchProject): Promise<{ child: ChildProcess; end: Promise<number | null> }> {
  const child = spawn(process.execPath, [bin, 'apply'], {
    cwd: project.folder,
    env: environment(project.folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  // As a shell says it: a process that a signal has ended is 128 and its number.
  const end = new Promise<number | null>((resolve) =>
    child.on('close', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code)),
  );
  let said = '';
  child.stdout.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr.resume();
  await until(() => existsSync(project.path('.rcssl/lock')) && said.includes('more changes'));
  return { child, end };
}

describe('an old Node', () => {
  const old = '/usr/bin/node';
  const version = existsSync(old) ? execFileSync(old, ['--version'], { encoding: 'utf8' }).trim() : undefined;
  const isOld = version !== undefined && Number(/^v(\d+)/.exec(version)?.[1]) < 22;

  test.skipIf(!isOld)(`${isOld ? version : 'that is older than 22 (none here)'} is told so in one line`, async () => {
    const project = scratchProject(SMALL);
    const result = await run([old, bin, 'apply'], { cwd: project.folder, env: environment(project.folder) });
    expect(result).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: rcssl needs Node ${manifest.engines.node}, and this is ${version?.slice(1)}\n`,
    });
  });
});

describe('asked about itself', () => {
  test('it says its version, helps, and writes nothing', async () => {
    const project = scratchProject();
    const before = project.snapshot();
    const asked = ['--version', '--help', ...COMMAND_NAMES.map((name) => `${name} --help`)];
    const answers = await Promise.all(asked.map((line) => rcssl(project, ...line.split(' '))));
    expect(answers.filter(({ code, stderr }) => code !== 0 || stderr !== '')).toEqual([]);
    const [shown, help, ...helps] = answers.map(({ stdout }) => stdout);
    expect(shown).toBe(`${manifest.version}\n`);
    for (const [index, name] of COMMAND_NAMES.entries()) {
      expect(help).toContain(`\n  ${name} `);
      expect(helps[index]).toContain(`usage: rcssl ${name} `);
    }
    expect(written(project, before)).toEqual([]);
  });
});

describe.skipIf(!posix)('streams', () => {
  test('a reader that has seen enough is no error, and stops no apply', async () => {
    const project = scratchProject(SMALL);
    expect(await shell(project, '$RCSSL apply | head -1')).toMatchObject({ code: 0, stderr: '' });
    // Here nobody reads from the start.
    expect(await shell(project, '$RCSSL apply --force app.test | (exec 0<&-)')).toMatchObject({ code: 0, stderr: '' });
    expect(await shell(project, '$RCSSL status --verbose | head -1')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Test Root .*\n$/) as string,
      stderr: '',
    });
    expect(await rcssl(project, 'check')).toMatchObject({ code: 0 });
    for (const line of ['plan', 'plan --json', 'apply', '--help', 'inspect app.test', 'completion bash']) {
      expect(await shell(project, `$RCSSL ${line} | true`), line).toMatchObject({ code: 0, stderr: '' });
      expect(await shell(project, `$RCSSL ${line} | head -1`), line).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^.*\n$/) as string,
        stderr: '',
      });
    }
    // What is wrong is still said, and the exit is still its own.
    expect(await shell(project, '$RCSSL apply --only nobody | true')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: .*nobody\n/) as string,
    });
  });

  test('closed ones are no error', async () => {
    const project = scratchProject(SMALL);
    expect(await shell(project, '$RCSSL apply <&-')).toMatchObject({ code: 0, stderr: '' });
    expect(await shell(project, '$RCSSL apply --force app.test <&- >&- 2>&-')).toMatchObject({ code: 0 });
    expect(await rcssl(project, 'check')).toMatchObject({ code: 0 });
  });
});

describe.skipIf(!posix)('a signal', () => {
  test.for([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s in a long apply: exit %i, and nothing was written', async ([signal, code]) => {
    const project = scratchProject(LONG);
    const before = project.snapshot();
    const { child, end } = await applyAtWork(project);
    child.kill(signal);
    expect(await end).toBe(code);
    expect(written(project, before)).toEqual([]);
  });

  test('twice: the next apply is not kept waiting', async () => {
    const project = scratchProject(LONG);
    const { child, end } = await applyAtWork(project);
    child.kill('SIGTERM');
    // The same signal twice at once would be one.
    await new Promise((resolve) => setTimeout(resolve, 50));
    child.kill('SIGTERM');
    expect(await end).toBe(143);
    expect(existsSync(project.path('certs'))).toBe(false);
    project.configure(SMALL);
    expect(await rcssl(project, 'apply')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe.skipIf(process.platform !== 'linux')('Ctrl-C on a terminal', () => {
  // util-linux: the only program on every Linux that makes a terminal.
  requireProgram('script');

  test('leaves it as it was', async () => {
    const project = scratchProject(LONG);
    const before = project.snapshot();
    const line = `stty cols 80 rows 24; trap : INT; stty -g; ${process.execPath} ${bin} apply; echo "exit $?"; stty -g`;
    const terminal = spawn(findProgram('script') ?? '', ['-qefc', line, '/dev/null'], {
      cwd: project.folder,
      env: { ...environment(project.folder), TERM: 'xterm' },
    });
    onTestFinished(() => void terminal.kill('SIGKILL'));
    let shown = '';
    terminal.stdout.on('data', (text: Buffer) => (shown += text.toString()));
    await until(() => shown.includes('of 401 made'));
    terminal.stdin.write('\u0003');
    await new Promise((resolve) => terminal.on('close', resolve));
    expect(shown).toContain('exit 130');
    const states = shown.match(/^[\da-f]+(?::[\da-f]+){8,}/gm);
    expect(states).toHaveLength(2);
    expect(states?.[0]).toBe(states?.[1]);
    // Hidden while the list moves, and shown again.
    expect(shown).toContain('\u001B[?25l');
    expect(shown.lastIndexOf('\u001B[?25h')).toBeGreaterThan(shown.lastIndexOf('\u001B[?25l'));
    expect(written(project, before)).toEqual([]);
  });
});

describe('several at once', () => {
  test('two applies make one set', async () => {
    const project = scratchProject(SMALL);
    const both = await Promise.all([rcssl(project, 'apply', '--json'), rcssl(project, 'apply', '--json')]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    const done = both.map(({ stdout }) => (JSON.parse(stdout) as { done: unknown[] }).done.length);
    expect(done.sort((a, b) => a - b)).toEqual([0, 10]);
    expect(await rcssl(project, 'check')).toMatchObject({ code: 0 });
    expect(existsSync(project.path('.rcssl/archive'))).toBe(false);
    expect(existsSync(project.path('.rcssl/lock'))).toBe(false);
  });
});

describe('what only reads', () => {
  const READERS = [
    'plan',
    'plan --json --prune --force app.test',
    'apply --dry-run --prune --force app.test --adopt certs/api.test.crt',
    'check --within 30d',
    'status --verbose',
    'inspect app.test',
    'doctor',
    'proxy check localhost:1',
  ];

  test.for([
    ['nothing yet', async () => undefined],
    [
      'a damaged set',
      async (project: ScratchProject) => {
        await project.apply();
        project.configure({ ...SMALL, hosts: ['app.test', 'new.test'] });
        project.remove('certs/app.test.fullchain.pem');
        project.write('certs/app.test.csr', 'nonsense', 0o666);
      },
    ],
  ] as const)('writes nothing where there is %s', async ([, prepare]) => {
    const project = scratchProject(SMALL);
    await prepare(project);
    // It makes the home.
    environment(project.folder);
    const before = project.snapshot();
    await Promise.all(READERS.map((line) => rcssl(project, ...line.split(' '))));
    expect(written(project, before)).toEqual([]);
  });
});
