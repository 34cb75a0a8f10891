import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bin } from '../testing/built.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { openTerminal, runIn } from '../testing/terminal.ts';
import { environment, run, type Ran } from '../testing/transcript.ts';

/** What `rcssl exec` does to the process in whose place it runs; what the program trusts is another test. */

const CONFIG = {
  ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'app.test', key: 'ecdsa-p256' }],
};

async function applied(): Promise<ScratchProject> {
  const project = scratchProject(CONFIG);
  await project.apply();
  return project;
}

const command = (...words: string[]): string[] => [process.execPath, bin, 'exec', ...words];

/** No Java: its trust store takes a second. */
const settings = ({ folder }: ScratchProject) => ({ cwd: folder, env: { ...environment(folder), PATH: '' } });

const exec = (project: ScratchProject, ...words: string[]): Promise<Ran> => run(command(...words), settings(project));

const node = (script: string, ...args: string[]): string[] => [process.execPath, '-e', script, ...args];

describe('rcssl exec', () => {
  it('gives the command its arguments as they are, whatever they look like', async () => {
    const project = await applied();
    const args = ['--json', '-v', '', 'a b', '--', '--cwd', "it's"];
    const script = 'console.log(JSON.stringify([process.argv.slice(1), process.env.NODE_EXTRA_CA_CERTS]))';
    const { stdout, stderr, code } = await exec(project, '--', ...node(script, '--', ...args));
    expect([stderr, code]).toEqual(['', 0]);
    expect(JSON.parse(stdout)).toEqual([args, project.path('certs/root.crt')]);
    const bare = await exec(project, ...node('console.log(1)'));
    expect(bare).toMatchObject({ code: 0, stdout: '1\n' });
  });

  it('ends with the code of the command, 128+n where a signal ended it', async () => {
    const project = await applied();
    expect(await exec(project, '--', ...node('process.exit(7)'))).toMatchObject({ code: 7 });
    expect(await exec(project, '--', ...node("process.kill(process.pid, 'SIGKILL')"))).toMatchObject({ code: 137 });
    expect(await exec(project, '--', ...node("process.kill(process.pid, 'SIGTERM')"))).toMatchObject({ code: 143 });
  });

  it('says as other such commands do that there is no such program, or that it cannot be started', async () => {
    const project = await applied();
    expect(await exec(project, '--', './none')).toEqual({
      code: 127,
      stdout: '',
      stderr: 'error: no such program: ./none\n',
    });
    project.write('no-program', '');
    expect(await exec(project, '--', './no-program')).toEqual({
      code: 126,
      stdout: '',
      stderr: 'error: ./no-program cannot be started (EACCES)\n',
    });
    expect(await exec(project)).toMatchObject({ code: 1, stderr: expect.stringContaining('missing argument') });
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGUSR1'] as const)('passes %s on, and its input and output', async (signal) => {
    const project = await applied();
    const script = `process.on('${signal}', () => { console.log('got ${signal}'); process.exit(3); });
        process.stdin.on('data', (text) => process.stdout.write(text));`;
    const [program = '', ...args] = command('--', ...node(script));
    // A session of its own has no terminal, so that no signal comes from one.
    const child = spawn(program, args, { ...settings(project), stdio: 'pipe', detached: true });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      if (said === 'hello\n') child.kill(signal);
    });
    child.stdin.write('hello\n');
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([said, code]).toEqual([`hello\ngot ${signal}\n`, 3]);
  });

  it('dies of a signal before the command runs as any process would', async () => {
    const project = scratchProject();
    const script = "process.kill(process.pid, 'SIGTERM'); await new Promise((done) => setTimeout(done, 5000));";
    project.write('rcssl.config.mjs', script);
    const [program = '', ...args] = command('--', ...node(''));
    const child = spawn(program, args, { ...settings(project), stdio: 'ignore' });
    const ended = await new Promise((resolve) => child.on('close', (code, signal) => resolve([code, signal])));
    expect(ended).toEqual([null, 'SIGTERM']);
  });
});

describe('in a terminal', () => {
  requireProgram('tmux', 'bash');

  it('Ctrl-C comes to the command once, and rcssl waits for it', async () => {
    const project = await applied();
    const script = `let count = 0; process.on('SIGINT', () => { count += 1; setTimeout(() => { console.log('count', count); process.exit(5); }, 1500); });
      console.log('ready'); setInterval(() => {}, 1000);`;
    project.write('count.mjs', script);
    const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
    const shell = openTerminal(project.folder, { HOME, XDG_DATA_HOME });
    const screen = await runIn(shell, 'rcssl exec -- node count.mjs', [/^ready$/m, 'C-c']);
    expect(screen).toMatch(/count 1\nended 5$/m);
  });
});
