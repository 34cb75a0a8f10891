import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';

const FAST = { ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } }, defaults: { key: 'ecdsa-p256' } };

/** An apply in a folder of this name, where the server judges what is made; then a plan. */
async function applyIn(folder: string, config: object) {
  const project = scratchProject();
  const cwd = project.path(folder);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, 'rcssl.config.json'), JSON.stringify({ ...FAST, ...config }));
  await project.apply({ cwd });
  return { plan: await project.plan({ cwd }), read: (name: string) => project.read(join(folder, name)) };
}

describe('nginx', () => {
  requireProgram('nginx');

  it('has room for names as long as a name may be', async () => {
    const label = 'a'.repeat(60);
    const hosts = [`${label}.${label}.${label}.test`, `${'b'.repeat(41)}.test`];
    const { plan, read } = await applyIn('p', {
      hosts,
      proxies: [
        { server: 'nginx', standalone: true },
        { server: 'nginx', name: 'part', output: 'proxy/part.conf' },
      ],
    });
    expect(plan).toMatchObject({ complete: true });
    expect(read('proxy/nginx.conf')).toContain('server_names_hash_bucket_size 256;');
    expect(read('proxy/part.conf')).not.toContain('server_names_hash_bucket_size');
  });

  it('judges a project whose path has a dollar in it', async () => {
    const { plan } = await applyIn('a $b ${HOME}', {
      hosts: ['app.test'],
      proxies: [{ server: 'nginx', standalone: true, clientAuth: true }],
    });
    expect(plan).toMatchObject({ complete: true });
  });
});

describe('HAProxy', () => {
  requireProgram('haproxy');

  it('serves more hosts than fit on a line, from a project deep below', async () => {
    const hosts = Array.from({ length: 30 }, (_, n) => `h${n}.test`);
    const proxies = [{ server: 'haproxy', standalone: true, hosts }];
    const { plan, read } = await applyIn(join('deep'.repeat(20), 'deeper'.repeat(20)), { hosts, proxies });
    expect(plan).toMatchObject({ complete: true });
    expect(read('proxy/haproxy.crt-list').match(/^\/.*\.pem$/gm)).toHaveLength(30);
    expect(read('proxy/haproxy.cfg')).toMatch(/bind \*:443 ssl crt-list "[^"]+\/proxy\/haproxy\.crt-list" alpn/);
  });

  it('refuses a list that it could not read', async () => {
    const hosts = Array.from({ length: 30 }, (_, n) => `h${n}.test`);
    const failed = await applyIn('a b', { hosts, proxies: [{ server: 'haproxy' }] }).catch((error: unknown) => error);
    expect(failed instanceof RcsslError && failed.diagnostics.map(({ code }) => code)).toEqual(['proxy-unwritable']);
  });
});
