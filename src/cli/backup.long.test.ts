import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { openTerminal, runIn } from '../testing/terminal.ts';

requireProgram('tmux', 'bash', 'age');

const CONFIG = {
  ca: { name: 'Dev Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'a.test', key: 'ecdsa-p256' }],
};

describe('a backup is a file of age', () => {
  it('that age opens, and one that age wrote is restored', async () => {
    const project = scratchProject(CONFIG);
    await project.apply();
    const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
    const shell = openTerminal(project.folder, { HOME, XDG_DATA_HOME });
    const made = await runIn(
      shell,
      'rcssl ca backup dev.age',
      [/new passphrase of backup dev\.age:$/m, 'tiger-1'],
      [/again:$/m, 'tiger-1'],
    );
    expect(made).toMatch(/locking the backup[^]*wrote dev\.age\n {2}✔ Dev Root +live, SHA-256 [^]*ended 0/);
    expect(made).not.toContain('tiger');

    const opened = await runIn(shell, 'age -d -o plain.json dev.age', [/passphrase:/, 'tiger-1']);
    expect(opened).toMatch(/ended 0/);
    const payload = JSON.parse(project.read('plain.json')) as { root: { key: object; certificate: object } };
    expect(payload.root.key).toEqual({ text: project.read('certs/root.key') });
    expect(payload.root.certificate).toEqual({ text: project.read('certs/root.crt') });

    const key = project.read('certs/root.key');
    for (const folder of ['certs', '.rcssl']) rmSync(project.path(folder), { recursive: true });
    const locked = await runIn(
      shell,
      'age -p -o by-age.age plain.json',
      [/passphrase[^]*:/, 'lion-2'],
      [/onfirm passphrase:/, 'lion-2'],
    );
    expect(locked).toMatch(/ended 0/);
    const wrong = await runIn(shell, 'rcssl ca restore by-age.age', [/passphrase of backup/, 'lion-3']);
    expect(wrong).toMatch(/error: by-age\.age: the passphrase does not open it\nended 1/);
    const restored = await runIn(shell, 'rcssl ca restore by-age.age', [/passphrase of backup/, 'lion-2']);
    expect(restored).toMatch(/✔ Dev Root +certs\/root\.\{key,crt\}\n\nnext: rcssl plan\nended 0/);
    expect(project.read('certs/root.key')).toBe(key);
  });
});
