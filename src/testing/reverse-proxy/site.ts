import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { scratchProject, type ScratchProject } from '../project.ts';
import { startApp } from './app.ts';
import type { Reached } from './client.ts';
import { HOST } from './check.ts';
import { freePort, startServer, type Running, type RunServer, type StartOptions } from './servers.ts';

export interface RunningSite {
  readonly project: ScratchProject;
  readonly at: Reached;
  readonly running: Running;
  /** Of a host that is a client too. */
  readonly client: NonNullable<Reached['client']>;
}

/** An app, a project with a proxy in front of it, and the server that runs what apply wrote. `hosts` are declared first. */
export async function runSite(
  server: RunServer,
  more: object = {},
  options: StartOptions = {},
  hosts: readonly unknown[] = [],
): Promise<RunningSite> {
  const app = await startApp();
  const [port, plainPort] = [await freePort(), await freePort()];
  const project = scratchProject(
    {
      ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
      defaults: { key: 'ecdsa-p256' },
      hosts: [...hosts, HOST, 'chat.test', 'localhost', { name: 'client.test', usage: ['client'] }],
      proxies: [
        {
          server,
          output: 'proxy/site.conf',
          hosts: [HOST, 'chat.test'],
          upstream: `http://127.0.0.1:${app.port}`,
          listen: [port, ...(options.alsoListen ?? [])],
          redirectFrom: plainPort,
          standalone: true,
          reload: true,
          ...more,
        },
      ],
    },
    { PATH: process.env['PATH'] ?? '' },
  );
  await project.apply();
  const running = await startServer(server, project.path('proxy/site.conf'), dirname(project.folder), port, options);
  const read = (name: string): Buffer => readFileSync(project.path(name));
  return {
    project,
    running,
    at: { address: '127.0.0.1', port, plainPort, ca: read('certs/root.crt') },
    client: { key: read('certs/client.test.key'), cert: read('certs/client.test.crt') },
  };
}

/** A client of a root that nobody has declared. */
export async function foreignClient(): Promise<RunningSite['client']> {
  const project = scratchProject({
    ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
    hosts: [{ name: 'client.test', key: 'ecdsa-p256', usage: ['client'] }],
  });
  await project.apply();
  const read = (name: string): Buffer => readFileSync(project.path(name));
  return { key: read('certs/client.test.key'), cert: read('certs/client.test.crt') };
}
