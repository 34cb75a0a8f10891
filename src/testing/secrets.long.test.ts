import { describe, expect, it } from 'vitest';
import { watchCommandLines } from './secrets/command-lines.ts';
import { PASSPHRASES, searchFullRun } from './secrets/full-run.ts';
import { hiddenPassphrase, leaksIn } from './secrets/search.ts';

/* What secrets.e2e.test.ts looks for, in a full run: every command, for each way in which a passphrase comes. */

describe.skipIf(process.platform !== 'linux')('no secret is shown, nor among the arguments of a process', () => {
  it.each(['env', 'file', 'command'] as const)('a passphrase by %s', async (way) => {
    const watched = watchCommandLines();
    await searchFullRun(way).finally(() => watched.stop());
    const lines = await watched.stop();
    const sources = lines.map((line) => ({ name: line.slice(0, 200), bytes: Buffer.from(line, 'latin1') }));
    expect(leaksIn(sources, PASSPHRASES.map(hiddenPassphrase))).toEqual([]);
    expect(lines.filter((line) => line.includes('apply')).length).toBeGreaterThan(5);
  });
});
