import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const report = process.env['RCSSL_TEST_REPORT'];

/**
 * Where a test goes: `x.test.ts` needs nothing but the process it runs in, `x.int.test.ts` files and programs,
 * `x.e2e.test.ts` the built package, `x.long.test.ts` minutes.
 */
const project = (name: string, include: string, timeout: number, more: object = {}) => ({
  extends: true as const,
  test: { name, include: [include], testTimeout: timeout, hookTimeout: timeout, ...more },
});

const kinds = ['int', 'e2e', 'long'];

export default defineConfig({
  resolve: { alias: { rcssl: fileURLToPath(new URL('./src/index.ts', import.meta.url)) } },
  test: {
    // Half of the time is spent in other programs: one worker a core leaves no core idle.
    maxWorkers: '100%',
    setupFiles: ['src/testing/seed.ts'],
    // .ci/run counts what ran from this file.
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      project('unit', '{src,scripts,bench}/**/*.test.ts', 30_000, {
        exclude: [...configDefaults.exclude, ...kinds.map((kind) => `**/*.${kind}.test.ts`)],
      }),
      project('integration', 'src/**/*.int.test.ts', 120_000),
      project('e2e', 'src/**/*.e2e.test.ts', 180_000, { globalSetup: ['src/testing/built.ts'] }),
      project('long', 'src/**/*.long.test.ts', 1_500_000, { globalSetup: ['src/testing/built.ts'] }),
    ],
  },
});
