import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lockPath } from '../inventory/state.ts';
import { describe as describeDiagnostic, RcsslError } from '../diagnostics/diagnostic.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';

const FAST = { ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } }, defaults: { key: 'ecdsa-p256' } };
const HOSTS = ['a.test', 'b.test'];
const config = (...proxies: object[]) => ({ ...FAST, hosts: HOSTS, proxies });
const told = (error: unknown) => (error instanceof RcsslError ? error.diagnostics : []);
const codes = (error: unknown) => told(error).map(({ code }) => code);

describe('a check', () => {
  /** A project whose PATH has this program as nginx, and no other server anywhere. */
  function withNginx(script: string | undefined): ScratchProject {
    const project = scratchProject(config({ server: 'nginx' }));
    mkdirSync(project.path('bin'));
    if (script !== undefined) {
      writeFileSync(project.path('bin/nginx'), script);
      chmodSync(project.path('bin/nginx'), 0o755);
    }
    const { files } = project.world;
    const entry = (path: string) => (/^\/(?:usr|sbin|opt)\b.*nginx$/.test(path) ? undefined : files.entry(path));
    Object.assign(project.world, { env: { PATH: project.path('bin') }, files: { ...files, entry } });
    return project;
  }

  it('takes a program that can be run, and no dead link or other file of its name', async () => {
    const project = withNginx('#!/bin/sh\necho refused >&2; exit 1\n');
    const [first, second] = [project.path('first'), project.path('second')];
    for (const folder of [first, second]) mkdirSync(folder);
    symlinkSync('/nowhere/nginx', `${first}/nginx`);
    writeFileSync(`${second}/nginx`, '', { mode: 0o644 });
    Object.assign(project.world, { env: { PATH: `${first}:${second}:${project.path('bin')}` } });
    expect(codes(await project.apply().catch((error: unknown) => error))).toEqual(['proxy-refused']);
  });

  it('that finds no IPv6 gets the addresses to give as its cure', async () => {
    const said = 'nginx: [emerg] socket() [::]:20443 failed (97: Address family not supported by protocol)';
    const project = withNginx(`#!/bin/sh\necho '${said}' >&2; exit 1\n`);
    const found = told(await project.apply().catch((error: unknown) => error)).map(describeDiagnostic);
    expect(found).toMatchObject([{ hint: expect.stringContaining("listen: '0.0.0.0:443'") as string }]);
  });

  it('that cannot be begun is said, and the apply goes on', async () => {
    const project = withNginx('#!/nowhere/interpreter\n');
    const result = await project.apply();
    expect(result).toMatchObject({ complete: true, notes: [{ code: 'proxy-check-not-run', severity: 'warning' }] });
    expect(result.diagnostics).toEqual(expect.arrayContaining([...result.notes]));
    expect(existsSync(project.path('.rcssl/check-nginx'))).toBe(false);
  });

  it('has no copies of keys but those that the server reads', async () => {
    const project = withNginx('#!/bin/sh\nls >&2; exit 1\n');
    project.configure(config({ server: 'nginx', hosts: ['a.test'] }, { server: 'haproxy', validate: false }));
    const error = await project.apply().catch((caught: unknown) => caught);
    expect(told(error)[0]?.args).toMatchObject({ said: 'configuration host-0.chain.pem host-0.key' });
  });

  it('that was killed leaves no copies of keys: the next apply takes them away, whatever is declared then', async () => {
    const project = scratchProject(config({ server: 'nginx', validate: false }));
    await project.apply();
    project.write('.rcssl/check-old/logs/host-0.key', 'a key');
    project.write('.rcssl/check-nginx/host-0.key', 'a key');
    project.configure(config());
    await project.apply({ prune: true });
    expect(existsSync(project.path('.rcssl/check-old'))).toBe(false);
    expect(existsSync(project.path('.rcssl/check-nginx'))).toBe(false);

    // With nothing to do, too: the lock of who was killed is still there.
    project.write('.rcssl/check-old/host-0.key', 'a key');
    const dead = { pid: 4_194_999, host: project.world.process.host, token: 'x' };
    writeFileSync(lockPath(project.path('.rcssl')), JSON.stringify(dead), { mode: 0o600 });
    await project.apply();
    expect(existsSync(project.path('.rcssl/check-old'))).toBe(false);
  });

  it('names the broken file of a host that --only leaves alone', async () => {
    const project = withNginx('#!/bin/sh\nexit 0\n');
    await project.apply();
    for (const file of ['certs/b.test.key', 'certs/b.test.fullchain.pem']) {
      const before = project.read(file);
      project.write(file, '-----BEGIN PRIVATE KEY-----\nbroken\n');
      const error = await project.apply({ only: ['a.test'], force: ['a.test'] }).catch((caught: unknown) => caught);
      expect(told(error)).toMatchObject([{ code: 'proxy-pair-unreadable', args: { path: project.path(file) } }]);
      project.write(file, before);
    }
  });
});

describe.each(['nginx', 'apache', 'caddy-json', 'caddy', 'haproxy', 'lighttpd'])('the real %s', (server) => {
  requireProgram({ apache: 'apache2', 'caddy-json': 'caddy' }[server] ?? server);

  it('judges listeners that differ in their address alone, or by 20,000', async () => {
    const project = scratchProject();
    for (const listen of [
      ['127.0.0.1:8443', '[::1]:8443'],
      [443, 20_443],
    ]) {
      project.configure(config({ server, listen, redirectFrom: ['127.0.0.1:80', '[::1]:80'] }));
      expect(await project.apply()).toMatchObject({ complete: true, notes: [] });
    }
  });
});
