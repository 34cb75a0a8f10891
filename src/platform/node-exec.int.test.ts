import { expect, it } from 'vitest';
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
