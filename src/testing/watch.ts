import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DiskSet } from './on-disk.ts';

export interface Watched {
  readonly looks: number;
  /** How often a pair was seen that had not been there before. */
  readonly changes: number;
  /** Certificates that were seen beside a key of another, and still so at a second look. */
  readonly mismatches: readonly string[];
}

/** A process that polls the pairs of these sets until the returned function is called, which tells what it saw. */
export function watchPairs(sets: readonly DiskSet[]): () => Promise<Watched> {
  const pairs = sets.flatMap(({ root, hosts }) => [root, ...hosts]);
  const child = spawn(process.execPath, [join(import.meta.dirname, 'pair-reader.ts'), JSON.stringify(pairs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const end = new Promise<number | null>((resolve) => child.on('close', resolve));
  return async () => {
    child.stdin.end();
    const code = await end;
    if (code !== 0) throw new Error(`the reader ended with ${code}`);
    return JSON.parse(said) as Watched;
  };
}
