import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { bin } from '../../testing/built.ts';
import { enrolProject } from '../../testing/enrolling.ts';
import { requireProgram } from '../../testing/programs.ts';
import { openTerminal } from '../../testing/terminal.ts';

requireProgram('tmux', 'bash');

const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1';

it('shows live who came, and leaves with Ctrl-C', async () => {
  const project = await enrolProject();
  const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
  const shell = openTerminal(project.folder, { HOME, XDG_DATA_HOME });
  shell.type('rcssl enrol --host 127.0.0.1; echo "ended $?"');
  const screen = await shell.screen(/until Ctrl-C$/m);
  const url = /http:\S+/.exec(screen)?.[0] ?? '';
  const page = await (await fetch(url, { headers: { 'user-agent': IPHONE } })).text();
  await shell.screen(/iPhone or iPad, Safari {2}· opened the page, from 127\.0\.0\.1$/m);
  // What is to be compared is the same on both.
  const shown = /SHA-256 {2}([\dA-F ]+)\n +([\dA-F ]+)\n/.exec(screen)?.slice(1).join(' ').split(/ +/);
  expect(shown).toEqual([...page.matchAll(/<span>([\dA-F]{2})<\/span>/g)].map(([, pair]) => pair));
  shell.type('C-c', true);
  expect(await shell.screen(/^ended \d+$/m)).toMatch(/stopped: 1 device came, none trusts the root\nended 130$/m);
  await expect(fetch(url)).rejects.toThrow();
});

it('leaves when nobody reads what it tells', async () => {
  const project = await enrolProject();
  const args = [bin, 'enrol', '--host', '127.0.0.1', '--json', '--cwd', project.folder];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...project.world.env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  const { url } = JSON.parse(first.toString()) as { readonly url: string };
  child.stdout.destroy();
  // The next thing to tell is what finds out.
  await fetch(url).catch(() => undefined);
  expect(await once(child, 'exit')).toEqual([0, null]);
});
