import { describe, expect, it } from 'vitest';
import { nodeExec } from './node-exec.ts';

const OPTIONS = { cwd: process.cwd(), timeout: 20_000 };

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
