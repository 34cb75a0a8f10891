import { readdirSync, writeFileSync } from 'node:fs';

// Loaded into a watch that is put to the test: at each SIGUSR2 it collects its garbage and writes what is left.

process.on('SIGUSR2', () => {
  globalThis.gc?.();
  const handles = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  const { heapUsed } = process.memoryUsage();
  writeFileSync(process.env.RCSSL_SOAK_PROBE, JSON.stringify({ heap: heapUsed, handles }));
});
