import { describe, expect, it } from 'vitest';
import { nodeExec } from './node-exec.ts';

const OPTIONS = { cwd: process.cwd(), timeout: 20_000 };
const node = (code: string) => [process.execPath, '-e', code];
const ECHO = node('process.stdin.pipe(process.stdout)');

it('gives a program its standard input, and an empty one otherwise', async () => {
  const given = await nodeExec.run(ECHO, { ...OPTIONS, input: 'a\0ü' });
  expect(given.stdout.toString()).toBe('a\0ü');
  expect(await nodeExec.run(ECHO, OPTIONS)).toMatchObject({ code: 0, stdout: Buffer.alloc(0) });
});

it('does not mind a program that ends without reading', async () => {
  const input = 'x'.repeat(4 * 1024 * 1024);
  expect(await nodeExec.run(node('process.exit(3)'), { ...OPTIONS, input })).toMatchObject({ code: 3 });
  await expect(nodeExec.run(['no-such-program'], { ...OPTIONS, input })).rejects.toMatchObject({ code: 'ENOENT' });
});

it('adds to the environment', async () => {
  const { stdout } = await nodeExec.run(node('console.log(process.env.LC_ALL, !!process.env.PATH)'), {
    ...OPTIONS,
    env: { LC_ALL: 'C' },
  });
  expect(stdout.toString()).toBe('C true\n');
});

describe.skipIf(process.platform === 'win32')('a program that hangs', () => {
  // Its child holds its output, and does not end when it does.
  const HANGING = ['sh', '-c', 'sleep 97 & wait'];

  it('is ended with whatever it has started, when its time is over', async () => {
    const since = performance.now();
    expect(await nodeExec.run(HANGING, { ...OPTIONS, timeout: 200, noTerminal: true })).toMatchObject({ code: null });
    expect(performance.now() - since).toBeLessThan(20_000);
  });

  it('is ended by a signal, and rejects with its reason', async () => {
    const stop = new AbortController();
    const running = nodeExec.run(HANGING, { ...OPTIONS, timeout: 90_000, noTerminal: true, signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 200);
    const since = performance.now();
    await expect(running).rejects.toThrow('enough');
    expect(performance.now() - since).toBeLessThan(20_000);
  });

  it('is not waited for by its output alone', async () => {
    const ended = await nodeExec.run(['sh', '-c', 'echo here; sleep 20 &'], OPTIONS);
    expect({ ...ended, stdout: String(ended.stdout) }).toMatchObject({ code: 0, stdout: 'here\n' });
  });

  it('dies by force where it will not go', async () => {
    const stubborn = ['sh', '-c', "trap '' TERM; while :; do sleep 1; done"];
    expect(await nodeExec.run(stubborn, { ...OPTIONS, timeout: 200, noTerminal: true })).toMatchObject({ code: null });
  });
});
