import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runHook } from '../hooks/run.ts';
import type { HookAct } from '../kernel/hook.ts';
import { nodeHooks } from './node-hooks.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rcssl-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function sleeper(): Promise<ReturnType<typeof spawn> & { readonly pid: number }> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ReturnType<typeof spawn> & { readonly pid: number };
}

const reload = (does: HookAct, runningIf?: string) =>
  runHook(
    nodeHooks,
    { key: 'k', on: 'any', does, timeout: 5000, runningIf: runningIf === undefined ? undefined : [runningIf] },
    [],
    {
      root: folder,
      config: at('c'),
      secrets: [],
      signal: undefined,
    },
  );

// Only Linux says when a process was started and what it is called.
describe.skipIf(process.platform !== 'linux')('a file with a process id', () => {
  const signal = (programs: string[]): HookAct => ({ kind: 'signal', signal: 'SIGTERM', pidFile: at('pid'), programs });

  it('that was left behind gets nobody signalled who has the id by now', async () => {
    const child = await sleeper();
    writeFileSync(at('pid'), `${child.pid}\n`);
    const hourAgo = Date.now() / 1000 - 3600;
    utimesSync(at('pid'), hourAgo, hourAgo);
    expect(await reload(signal(['haproxy']), at('pid'))).toMatchObject({ ok: true, why: 'the server does not run' });
    expect(await reload(signal([]))).toMatchObject({ ok: false, why: 'ESRCH' });
    expect(child.exitCode ?? child.signalCode).toBe(null);
    expect(readFileSync(`/proc/${child.pid}/comm`, 'utf8')).toBe('sleep\n');
  });

  it('of a process that has ended starts nobody', async () => {
    writeFileSync(at('pid'), '4194999\n');
    const does = { kind: 'command', argv: ['false'], shell: false } as const;
    expect(await reload(does, at('pid'))).toMatchObject({ ok: true, why: 'the server does not run' });
    writeFileSync(at('pid'), `${process.pid}\n`);
    expect(await reload(does, at('pid'))).toMatchObject({ ok: false, why: 'exit 1' });
  });

  it('of the server itself is good, whatever its file or its name looks like', async () => {
    for (const [programs, age] of [
      [['haproxy'], 0],
      [['apache2', 'sleep'], 3600],
    ] as const) {
      const child = await sleeper();
      writeFileSync(at('pid'), `${child.pid}\n`);
      const written = Date.now() / 1000 - age;
      utimesSync(at('pid'), written, written);
      const ended = once(child, 'exit');
      expect(await reload(signal([...programs]), at('pid'))).toMatchObject({ ok: true });
      expect(await ended).toEqual([null, 'SIGTERM']);
    }
  });
});

describe.skipIf(process.platform === 'win32')('a socket', () => {
  it('that a killed server left behind leaves nobody to be told', async () => {
    const script = `require('node:net').createServer().listen(${JSON.stringify(at('s'))}, () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const does = { kind: 'command', argv: ['false'], shell: false } as const;
    expect(await reload(does, at('s'))).toMatchObject({ ok: false, why: 'exit 1' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lstatSync(at('s')).isSocket()).toBe(true);
    expect(await reload(does, at('s'))).toMatchObject({ ok: true });
    rmSync(at('s'));
    expect(await reload(does, at('s'))).toMatchObject({ ok: true });
    writeFileSync(at('s'), '');
    expect(await reload(does, at('s'))).toMatchObject({ ok: false });
  });
});

describe.skipIf(process.platform === 'win32')('a file that is written once more', () => {
  const again = () => reload({ kind: 'rewrite', file: at('f') });

  it('keeps its rights, whatever the umask, and is another file', async () => {
    writeFileSync(at('f'), 'text');
    chmodSync(at('f'), 0o664);
    if (process.getuid?.() === 0) chownSync(at('f'), 12, 34);
    const before = statSync(at('f'));
    const umask = process.umask(0o077);
    onTestFinished(() => void process.umask(umask));
    expect(await again()).toMatchObject({ ok: true });
    const after = statSync(at('f'));
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(after.ino).not.toBe(before.ino);
    expect(readFileSync(at('f'), 'utf8')).toBe('text');
    expect(readdirSync(folder)).toEqual(['f']);
  });

  it('is no link', async () => {
    writeFileSync(at('real'), 'text');
    symlinkSync('real', at('f'));
    expect(await again()).toMatchObject({ ok: false, why: 'ELOOP' });
    expect(lstatSync(at('f')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder)).toEqual(['f', 'real']);
  });
});
