import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { requireProgram } from './programs.ts';
import { playTranscript } from './transcript.ts';

const folder = join(import.meta.dirname, '../../fixtures/transcripts');

describe.concurrent('the transcript', () => {
  // Dates are exact, so the clock has to be ours.
  requireProgram('faketime', 'git');

  test.for(readdirSync(folder))('%s', async (name, { expect }) => {
    const file = join(folder, name);
    await expect(await playTranscript(readFileSync(file, 'utf8'))).toMatchFileSnapshot(file);
  });
});
