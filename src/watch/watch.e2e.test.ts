import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { bin } from '../testing/built.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { watchedConfig } from '../testing/watching.ts';

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** The built command, with an stdin that is at its end, as systemd and Docker start it. */
function start(project: ScratchProject, ...args: string[]) {
  const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
  const env = { ...process.env, HOME, XDG_DATA_HOME };
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: project.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said = { out: '', err: '' };
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const until = async (pattern: RegExp, from = 0): Promise<string> => {
    for (const began = Date.now(); !pattern.test(said.out.slice(from)); await sleep(10)) {
      if (Date.now() - began > 30_000) throw new Error(`${pattern} was not said:\n${said.out}\n${said.err}`);
    }
    return said.out.slice(from);
  };
  return { child, said, ended, until };
}

const CONFIG = "import { hosts } from './hosts.ts';\nexport default hosts;";
const hosts = (...names: string[]) => `export const hosts: object = ${JSON.stringify(watchedConfig(...names))};`;

it('follows modules, repairs, reloads with SIGHUP and ends with SIGTERM', async () => {
  const project = scratchProject();
  project.write('rcssl.config.ts', CONFIG);
  project.write('hosts.ts', hosts('a.test'));
  const { child, said, ended, until } = start(project, 'watch', '--json');
  await until(/"event":"status".*\n.*"event":"watching"/);
  let from = said.out.length;
  project.write('hosts.ts', hosts('a.test', 'b.test'));
  const events = (await until(/"event":"watching".*\n/, from))
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as Event);
  expect(events.map(({ event }) => event)).toEqual(['started', 'applied', 'status', 'watching']);
  expect(events[1]).toMatchObject({ causes: [{ code: 'files', paths: ['hosts.ts'] }] });
  from = said.out.length;
  project.remove('certs/b.test.crt');
  expect(await until(/"event":"applied".*\n/, from)).toContain('"paths":["certs/b.test.crt"]');
  from = said.out.length;
  child.kill('SIGHUP');
  expect(await until(/"event":"applied".*\n/, from)).toContain('"for":"reload"');
  child.kill('SIGTERM');
  expect(await ended).toBe(143);
  expect(said.out.trim().split('\n').at(-1)).toContain('"event":"stopped"');
  expect(said.err).toBe('');
});

it('tells of the hooks that it ran, with --verbose what they said', async () => {
  const hook = { command: [process.execPath, '-e', "console.log('hello from', 'the hook')"] };
  const project = scratchProject({ ...watchedConfig('a.test'), onChange: hook });
  const { child, ended, until } = start(project, 'watch', '--verbose');
  expect(await until(/complete, 1 host/)).toMatch(/✔ \S*node\s+-e[^]*hello from the hook/);
  child.kill('SIGTERM');
  expect(await ended).toBe(143);
});

it('exits 0 as soon as the set is complete where that is all that is wanted', async () => {
  const project = scratchProject({ hosts: ['a b'] });
  const { ended, until, said } = start(project, 'watch', '--until-complete');
  await until(/failed; the set is kept as it is/);
  project.configure(watchedConfig('a.test'));
  expect(await ended).toBe(0);
  expect(said.out).toMatch(/\+ a\.test[^]*complete, 1 host, next renewal/);
  expect(said.err).toMatch(/^error: .*a b/);
});

it('two of them and an apply do not fight, and one that was killed is healed by the next', async () => {
  const project = scratchProject(watchedConfig('a.test'));
  const first = start(project, 'watch', '--json');
  const second = start(project, 'apply', '--watch', '--json');
  await Promise.all([first, second].map(({ until }) => until(/"complete":true/)));
  project.configure(watchedConfig('a.test', 'b.test'));
  const third = start(project, 'apply');
  expect(await third.ended).toBe(0);
  await sleep(600);
  const made = [first, second].flatMap(({ said }) => said.out.match(/"event":"failed"/g) ?? []);
  expect(made).toEqual([]);
  first.child.kill('SIGKILL');
  const from = second.said.out.length;
  project.remove('certs/b.test.key');
  await second.until(/"event":"applied".*\n/, from);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(130);
  expect((await project.plan()).complete).toBe(true);
});
