import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requireLeave } from '../testing/programs.ts';

requireLeave(process.getuid?.() === 0 && process.platform === 'linux' ? undefined : 'root, on Linux');

const NOBODY = 65_534;
const inSource = (name: string): string => new URL(name, import.meta.url).href;

it('under sudo a program has no id of root, unless it is to be run as root', () => {
  const script = `
    const { actAsCaller } = await import('${inSource('./as-caller.ts')}');
    const { nodeExec } = await import('${inSource('./node-exec.ts')}');
    actAsCaller(process.env);
    const ids = async (asRoot) => {
      const { stdout } = await nodeExec.run(['/bin/cat', '/proc/self/status'], { cwd: '/', timeout: 10_000, asRoot });
      return /^Uid:\\s*(.*)$/m.exec(String(stdout))[1].split('\\t').map(Number);
    };
    console.log(JSON.stringify({ own: await ids(false), root: await ids(true), self: [process.getuid(), process.geteuid()] }));`;
  const env = { ...process.env, SUDO_UID: `${NOBODY}`, SUDO_GID: `${NOBODY}`, SUDO_USER: 'nobody' };
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' });
  expect(JSON.parse(said)).toEqual({
    own: [NOBODY, NOBODY, NOBODY, NOBODY],
    root: [0, 0, 0, 0],
    self: [0, NOBODY],
  });
});

it('under sudo nothing of root comes into a home that was kept', () => {
  const home = mkdtempSync(join(tmpdir(), 'rcssl-home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const env = { PATH: process.env['PATH'], HOME: home, SUDO_UID: `${NOBODY}`, SUDO_GID: `${NOBODY}` };
  const bin = new URL('../cli/bin.ts', import.meta.url).pathname;
  expect(spawnSync(process.execPath, [bin, '--version'], { env, cwd: home }).status).toBe(0);
  expect(readdirSync(home)).toEqual([]);
});
