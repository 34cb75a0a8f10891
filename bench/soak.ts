import { spawnSync } from 'node:child_process';

// npm run bench:soak -- [EDITS]: the soak of a watch that CI runs with 1,000 edits, with 20,000 or as many as are said.
// Prints its runs, and heap and handles at edit 100 and at the end; exits 1 where a change was missed or memory grew.

const edits = process.argv[2] ?? '20000';
const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'long', 'src/watch/soak.long.test.ts'];
const day = 24 * 60 * 60 * 1000;
const { status } = spawnSync(process.execPath, [...args, '--testTimeout', String(day)], {
  env: { ...process.env, RCSSL_SOAK_EDITS: edits },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
