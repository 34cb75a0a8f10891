import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { callCli } from './call-cli.ts';
import { scratchProject } from './project.ts';

/* What docs/reliability.md says of readers: one that opens the key and then the certificate, while both are replaced. */

const SWITCHES = 150;

test.skipIf(process.platform === 'win32')(`a reader across ${SWITCHES} switches to a new key`, async () => {
  const project = scratchProject({
    ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'ca/root.key' } },
    defaults: { key: 'ecdsa-p256' },
    hosts: ['files.test', { name: 'atomic.test', layout: 'atomic' }],
  });
  await project.apply();
  const pair = (stem: string) => [project.path(`${stem}.key`), project.path(`${stem}.crt`)];
  const readers = [
    ['files', ...pair('certs/files.test')],
    ['atomic', ...pair('certs/atomic.test/atomic.test')],
    ['atomic, resolved', ...pair('certs/atomic.test/atomic.test')],
  ];
  const reader = spawn(process.execPath, [join(import.meta.dirname, 'switch-reader.ts'), JSON.stringify(readers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void reader.kill('SIGKILL'));
  for (let run = 0; run < SWITCHES; run++) {
    expect((await callCli(project, ['apply', '--force', 'files.test', '--force', 'atomic.test'])).code).toBe(0);
  }
  reader.stdin.end();
  const met = JSON.parse(await text(reader.stdout)) as Record<string, { looks: number; gaps: number; mixed: number }>;
  const lines = Object.entries(met).map(
    ([name, { looks, gaps, mixed }]) => `${name}: ${looks} looks, ${gaps} without one of the two, ${mixed} mixed`,
  );
  process.stdout.write(`${SWITCHES} switches: ${lines.join('; ')}\n`);
  expect(met['atomic']).toMatchObject({ gaps: 0 });
  expect(met['atomic, resolved']).toMatchObject({ gaps: 0, mixed: 0 });
  for (const { looks } of Object.values(met)) expect(looks).toBeGreaterThan(SWITCHES * 10);
});
