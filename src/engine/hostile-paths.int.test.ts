import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProxyServer } from '../reverse-proxy/registry.ts';
import { nodeExec } from '../platform/node-exec.ts';
import { LANGUAGES } from '../testing/reverse-proxy/languages.ts';
import { Unwritable, type Site, type SiteHost } from '../reverse-proxy/site.ts';
import { findProgram } from '../inventory/program.ts';
import { requireProgram } from '../testing/programs.ts';
import { ask } from '../testing/reverse-proxy/client.ts';
import { hostileNames } from '../testing/reverse-proxy/hostile-names.ts';
import { RUN_SERVERS } from '../testing/reverse-proxy/servers.ts';
import { runSite } from '../testing/reverse-proxy/site.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';

async function pair(): Promise<ScratchProject> {
  const project = scratchProject({
    ca: { key: 'ecdsa-p256', output: { cert: 'root.crt' } },
    defaults: { key: 'ecdsa-p256' },
    hosts: ['app.test'],
  });
  await project.apply();
  return project;
}

/** A host whose files lie in a folder of this name; undefined where the language cannot name it. */
function hostAt(
  server: ProxyServer,
  project: ScratchProject,
  name: string,
  { n, asks }: { readonly n: number; readonly asks: boolean },
): SiteHost | undefined {
  const folder = join(project.folder, `x${name.replaceAll('/', '_')}${n}`);
  const host = {
    domains: [`h${n}.app.test`],
    addresses: [],
    key: join(folder, `k${name.replaceAll('/', '_')}`),
    chain: join(folder, 'chain.pem'),
    combined: join(folder, 'all.pem'),
    pfx: '',
    clientAuth: asks ? { ca: join(folder, `ca${name.replaceAll('/', '_')}`), optional: false } : undefined,
    routes: [{ path: '/', upstreams: [{ tls: false, host: '127.0.0.1', port: 3000 }] }],
  };
  try {
    LANGUAGES[server].write(siteOf([host], project.folder), 'x');
  } catch (error) {
    if (error instanceof Unwritable) return undefined;
    throw error;
  }
  mkdirSync(folder, { recursive: true });
  copyFileSync(project.path('certs/app.test.key'), host.key);
  copyFileSync(project.path('certs/app.test.fullchain.pem'), host.chain);
  if (host.clientAuth) copyFileSync(project.path('root.crt'), host.clientAuth.ca);
  writeFileSync(host.combined, project.read('certs/app.test.fullchain.pem') + project.read('certs/app.test.key'));
  return host;
}

function siteOf(hosts: readonly SiteHost[], folder: string): Site {
  const at = (port: number) => [{ address: '127.0.0.1', port }];
  return {
    name: 'x',
    output: join(folder, 'site.conf'),
    folder,
    listen: at(45_443),
    redirectFrom: at(45_080),
    hosts,
    maxBody: 1000,
    hsts: undefined,
    modules: '/usr/lib/apache2/modules',
  };
}

describe.each(RUN_SERVERS)('%s', (server, program) => {
  requireProgram(program);

  // Every path is one of a file that is there, and no other file is: what the server reads is what was meant.
  it('reads exactly the paths that are meant, or rcssl refuses them', async () => {
    const project = await pair();
    const names = hostileNames();
    // Some languages can name a pair so, and no root.
    const found = names.map(
      (name, n) =>
        hostAt(server, project, name, { n, asks: true }) ?? hostAt(server, project, name, { n, asks: false }),
    );
    const hosts = found.filter((host) => host !== undefined);
    expect(hosts.length).toBeGreaterThan(names.length / 2);
    for (let from = 0; from < hosts.length; from += 20) {
      const site = siteOf(hosts.slice(from, from + 20), project.folder);
      expect(await verdict(server, project, site)).toEqual({ code: 0, said: '' });
    }
  });
});

async function verdict(server: ProxyServer, project: ScratchProject, site: Site) {
  const file = project.path('site.conf');
  writeFileSync(file, LANGUAGES[server].write(site, 'x'));
  const check = LANGUAGES[server].check?.(file, site);
  const program = findProgram(check?.programs ?? [], project.world) ?? '';
  const { code, stderr, stdout } = await nodeExec.run([program, ...(check?.args ?? [])], {
    cwd: project.folder,
    timeout: 60_000,
    env: { HOME: '/home-of-nobody' },
  });
  return { code, said: code === 0 ? '' : `${stderr.toString()}${stdout.toString()}`.slice(0, 2000) };
}

describe('nginx', () => {
  requireProgram('nginx');

  // Its check reads no file whose path holds a variable, which is how a $ is written.
  it('serves a pair whose path has a $ in it', async () => {
    const output = { key: 'certs/$HOME.key', cert: 'certs/$HOME.crt', fullchain: 'certs/$HOME.pem' };
    const { at } = await runSite('nginx', { hosts: ['dollar.test'] }, {}, [{ name: 'dollar.test', output }]);
    expect((await ask(at, { host: 'dollar.test' })).status).toBe(200);
  });
});
