import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { openTerminal, runIn } from '../testing/terminal.ts';

requireProgram('tmux', 'bash');

const CA = { name: 'Dev Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const HOSTS = [{ name: 'a.test', key: 'ecdsa-p256' }];

function terminal(config: object, size?: { columns: number; rows: number }) {
  const project = scratchProject(config);
  const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
  const shell = openTerminal(project.folder, { HOME, XDG_DATA_HOME }, size);
  return { project, shell };
}

describe('a passphrase', () => {
  const config = { ca: { ...CA, passphrase: { prompt: true } }, hosts: HOSTS };

  it('is asked for twice where it locks something new, and shown by nothing', async () => {
    const { shell, project } = terminal(config);
    const screen = await runIn(
      shell,
      'rcssl apply',
      [/new passphrase of root Dev Root:$/m, 'tiger-1'],
      [/again:$/m, 'tiger-1'],
    );
    expect(screen).toMatch(/✔ a\.test[^]*ended 0/);
    expect(screen).not.toContain('tiger');
    expect(project.read('certs/root.key')).toContain('ENCRYPTED');
    expect(await runIn(shell, 'rcssl apply')).toMatch(/nothing to do[^]*ended 0/);
    project.configure({ ...config, hosts: [...HOSTS, { name: 'b.test', key: 'ecdsa-p256' }] });
    const wrong = await runIn(shell, 'rcssl apply', [/^passphrase of root Dev Root:$/m, 'lion']);
    expect(wrong).toMatch(/error: certs\/root\.key: the passphrase does not open it\nended 1/);
    expect(existsSync(project.path('certs/b.test.key'))).toBe(false);
  });

  it('that was typed in two ways makes nothing', async () => {
    const { shell, project } = terminal(config);
    const screen = await runIn(shell, 'rcssl apply', [/new passphrase of root/, 'tiger-1'], [/again:$/m, 'tiger-2']);
    expect(screen).toMatch(/two passphrases of root Dev Root differ; nothing was written\nended 1/);
    expect(existsSync(project.path('certs'))).toBe(false);
  });

  it('is left with Ctrl-C, and the terminal echoes again', async () => {
    const { shell, project } = terminal(config);
    const screen = await runIn(shell, 'rcssl apply', [/new passphrase/, 'C-c']);
    expect(screen).toMatch(/stopped; nothing was written\nended 130/);
    shell.type('stty -a | grep -ow -e echo -e -echo -e icanon -e -icanon');
    expect(await shell.screen(/icanon\n/)).toMatch(/^icanon\necho$/m);
    expect(existsSync(project.path('certs'))).toBe(false);
  });
});

it("a root's replacement is asked for: no, then yes", async () => {
  const { shell, project } = terminal({ ca: CA, hosts: HOSTS });
  await runIn(shell, 'rcssl apply');
  const root = project.read('certs/root.crt');
  project.configure({ ca: { ...CA, key: 'ecdsa-p384' }, hosts: HOSTS });
  const no = await runIn(shell, 'rcssl apply --yes', [/Replace the root\? \[y\/N\]$/m, '']);
  expect(no).toMatch(/Dev Root +key: P-256 becomes P-384\n {4}1 host +issued anew under it/);
  expect(no).toMatch(/stays as it is; nothing was written\nended 1/);
  expect(project.read('certs/root.crt')).toBe(root);
  const yes = await runIn(shell, 'rcssl apply', [/Replace the root\? \[y\/N\]$/m, 'y']);
  expect(yes).toMatch(/✔ Dev Root[^]*ended 0/);
  expect(yes.match(/becomes P-384/g)).toHaveLength(1);
  expect(project.read('certs/root.crt')).not.toBe(root);
});

it('what --prune removes is asked for, and --yes answers', async () => {
  const { shell, project } = terminal({ ca: CA, hosts: [...HOSTS, { name: 'b.test', key: 'ecdsa-p256' }] });
  await runIn(shell, 'rcssl apply');
  project.configure({ ca: CA, hosts: HOSTS });
  const no = await runIn(shell, 'rcssl apply --prune', [/Remove 4 files\? \[y\/N\]$/m, 'n']);
  expect(no).toMatch(/the files stay; nothing was written\nended 1/);
  expect(existsSync(project.path('certs/b.test.key'))).toBe(true);
  expect(await runIn(shell, 'rcssl apply --prune --yes')).toMatch(/1 removed[^]*ended 0/);
  expect(existsSync(project.path('certs/b.test.key'))).toBe(false);
});

it('a live list stands while keys are made, and gives way to what was done', async () => {
  const hosts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name: `${name}.test`, key: 'rsa-4096' }));
  const { shell } = terminal({ ca: CA, hosts });
  shell.type('rcssl apply; echo "ended $?"');
  expect(await shell.screen(/⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏/)).toMatch(/^ {2}[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏✔·] f\.test$/m);
  const screen = await shell.screen(/^ended 0/m);
  expect(screen).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  expect(screen.match(/✔/g)).toHaveLength(7);
});

it('more hosts than rows are one line that counts', async () => {
  const hosts = Array.from({ length: 12 }, (_, i) => ({ name: `h${i}.test`, key: 'rsa-2048' }));
  const { shell } = terminal({ ca: CA, hosts }, { columns: 80, rows: 16 });
  shell.type('rcssl apply; echo "ended $?"');
  expect(await shell.screen(/\d+ of 13 made/)).not.toMatch(/⠋.*\n.*⠋/);
  expect(await shell.screen(/^ended 0/m)).not.toMatch(/of 13 made/);
});

it('Ctrl-C while keys are made leaves nothing behind', async () => {
  const hosts = Array.from({ length: 30 }, (_, i) => ({ name: `h${i}.test`, key: 'rsa-4096' }));
  const { shell, project } = terminal({ ca: CA, hosts });
  shell.type('rcssl apply; echo "ended $?"');
  await shell.screen(/of 31 made|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  shell.type('C-c', true);
  expect(await shell.screen(/^ended \d/m)).toMatch(/stopped; nothing was written\nended 130/);
  expect(existsSync(join(project.folder, 'certs'))).toBe(false);
});
