import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { nodeExec } from '../platform/node-exec.ts';
import { requireProgram } from '../testing/programs.ts';
import { runSite } from '../testing/reverse-proxy/site.ts';

requireProgram('nginx', 'caddy');

const CLIENT = fileURLToPath(new URL('../testing/reverse-proxy/ddp-client.ts', import.meta.url));

// Only the generated root is trusted beside the public ones, and no check is switched off.
it.each(['nginx', 'caddy'] as const)(
  "Rocket.Chat's own client connects, calls and subscribes through %s",
  async (server) => {
    const { at, project } = await runSite(server, { hosts: ['localhost'] });
    const client = (env: Record<string, string>) =>
      nodeExec.run([process.execPath, '--no-warnings', CLIENT, `wss://localhost:${at.port}/ddp`], {
        cwd: project.folder,
        timeout: 60_000,
        env,
      });
    const { stdout, stderr } = await client({ NODE_EXTRA_CA_CERTS: project.path('certs/root.crt') });
    expect(stdout.toString(), stderr.toString()).not.toBe('');
    expect(JSON.parse(stdout.toString())).toEqual({
      echoed: ['grüße', { deep: [1, 2] }],
      heard: { eventName: 'GENERAL', args: ['first'] },
      unknown: { error: 404, errorType: 'Meteor.Error' },
      pongs: 1,
    });
    // Nor does it connect without the root.
    expect((await client({})).stdout.toString()).toBe('');
  },
);
