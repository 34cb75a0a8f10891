import { chmodSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { requireProgram } from '../../testing/programs.ts';
import { scratchProject } from '../../testing/project.ts';
import { openTerminal } from '../../testing/terminal.ts';

requireProgram('tmux', 'bash');

const README = fileURLToPath(new URL('../../../README.md', import.meta.url));

const CONFIG = `import { defineConfig } from 'rcssl';
import { names } from './hosts.ts';

export default defineConfig({
  ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  defaults: { key: 'ecdsa-p256' },
  hosts: names,
});
`;
const names = (...all: string[]) => `export const names = ${JSON.stringify(all)};\n`;

/** Without what differs from run to run. */
function steady(screen: string): string {
  return screen
    .replaceAll(/^\d\d:\d\d:\d\d/gm, 'HH:MM:SS')
    .replaceAll(/\d+(?:\.\d)? m?s$/gm, 'N ms')
    .replaceAll(/\b33\d days/g, '334 days');
}

it('is seen as the README shows it, and leaves the terminal as it was', async () => {
  const project = scratchProject();
  project.write('rcssl.config.ts', CONFIG);
  project.write('hosts.ts', names('app.test'));
  await project.apply();
  const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
  const shell = openTerminal(project.folder, { HOME, XDG_DATA_HOME });
  shell.clear();
  shell.type('rcssl watch');
  await shell.screen(/^watching .* and \d+ files$[^]*q quit$/m);
  project.write('hosts.ts', names('app.test', 'chat.local'));
  await shell.screen(/\+ chat\.local[^]*2 hosts/);
  chmodSync(project.path('certs/app.test.key'), 0o644);
  await shell.screen(/wants\n +0600/);
  project.write('rcssl.config.ts', CONFIG.replace('hosts:', 'alHosts:'));
  await shell.screen(/did you mean hosts\n✘ not complete/);
  project.write('rcssl.config.ts', CONFIG);
  const screen = await shell.screen(/nothing to do\n● complete/);
  const shown = /^\$ (rcssl watch\n[^]*?)\n```/m.exec(readFileSync(README, 'utf8'))?.[1];
  expect(steady(screen)).toContain(steady(shown ?? 'nothing'));
  shell.type('r', true);
  await shell.screen(/ asked +nothing to do/);
  shell.type('p', true);
  await shell.screen(/^nothing to do: 3 certificates/m);
  shell.type('f', true);
  await shell.screen(/ forced +~ app\.test +asked for with --force/);
  shell.type('q', true);
  await shell.screen(/^\$$/m);
  shell.type('echo "ended $?"; stty -a | grep -ow -e echo -e -echo -e icanon -e -icanon');
  expect(await shell.screen(/^-?echo$/m)).toMatch(/^ended 0\nicanon\necho$/m);
});

it('fits in 40 columns, and ends with Ctrl-C', async () => {
  const project = scratchProject({ ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } }, hosts: ['app.test'] });
  await project.apply();
  const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
  const shell = openTerminal(project.folder, { HOME, XDG_DATA_HOME }, { columns: 40, rows: 30 });
  shell.clear();
  shell.type('rcssl watch');
  await shell.screen(/● complete, 1 host$/m);
  chmodSync(project.path('certs/app.test.key'), 0o644);
  const screen = await shell.screen(/certs\/app\.test\.key\n {2}± app\.test[^]*0600 {2}\d+ ms\n● complete, 1 host$/m);
  expect(Math.max(...screen.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
  shell.type('C-c', true);
  shell.type('echo "ended $?"');
  await shell.screen(/^ended 130$/m);
});
