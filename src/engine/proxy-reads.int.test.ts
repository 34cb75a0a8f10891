import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { callCli } from '../testing/call-cli.ts';
import { scratchProject, summary } from '../testing/project.ts';

const FAST = { ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } }, defaults: { key: 'ecdsa-p256' } };
const nginx = (more: object = {}) => ({ server: 'nginx', validate: false, ...more });
const config = (proxy: object, more: object = {}) => ({
  ...FAST,
  hosts: ['a.test', 'b.test'],
  proxies: [proxy],
  ...more,
});
const SITE = 'proxy/nginx.conf';
const told = (error: unknown) => (error instanceof RcsslError ? error.diagnostics : error);

describe('a configuration of a proxy', () => {
  it('waits for the pairs that it names', async () => {
    const project = scratchProject(config(nginx()));
    const first = await callCli(project, ['apply', '--only', 'a.test']);
    expect(first.err).toContain('error: proxy/nginx.conf: waits for b.test');
    expect(first.err).toContain('hint: rcssl apply without --only');
    expect(first.code).toBe(1);
    expect(existsSync(project.path('certs/a.test.key'))).toBe(true);
    expect(existsSync(project.path(SITE))).toBe(false);
    expect(await project.apply()).toMatchObject({ complete: true });
    expect(existsSync(project.path(SITE))).toBe(true);
    // What is in its place already is not taken away.
    project.remove('certs/b.test.key');
    expect(await project.apply({ only: ['a.test'], force: ['a.test'] })).toMatchObject({ complete: true });
  });

  it('waits for a pair that is blocked, which tells why', async () => {
    const project = scratchProject(config(nginx()));
    mkdirSync(project.path('certs/b.test.key'), { recursive: true });
    const { err, code } = await callCli(project, ['apply']);
    expect(code).toBe(1);
    expect(err).toContain('certs/b.test.key');
    expect(err).not.toContain('waits');
    expect(existsSync(project.path(SITE))).toBe(false);
  });

  it('opens a port once that is declared for every address and for one of them', async () => {
    const project = scratchProject(
      config(
        nginx({
          listen: ['127.0.0.1:8443', 8443, '127.0.0.1:9443', '0.0.0.0:9443', '[::1]:9443'],
          redirectFrom: false,
        }),
      ),
    );
    await project.apply();
    expect(project.read(SITE)).toContain('listen 8443');
    expect(project.read(SITE)).not.toContain('127.0.0.1:8443');
    const others = project.read(SITE).match(/^ +listen \S+9443/gm) ?? [];
    expect(new Set(others.map((line) => line.trim()))).toEqual(new Set(['listen 0.0.0.0:9443', 'listen [::1]:9443']));
  });

  it('names no root of clients that is not there', async () => {
    const project = scratchProject(config(nginx({ clientAuth: { ca: 'typo.crt' } })));
    const error = await project.apply().catch((caught: unknown) => caught);
    expect(told(error)).toMatchObject([{ code: 'proxy-ca-missing', args: { path: 'typo.crt', why: 'ENOENT' } }]);
    expect(existsSync(project.path('certs'))).toBe(false);
    mkdirSync(project.path('typo.crt'));
    expect(told(await project.plan().catch((caught: unknown) => caught))).toMatchObject([
      { code: 'proxy-ca-missing', args: { why: expect.stringMatching(/NOTFILE|EISDIR/) } },
    ]);
    project.remove('typo.crt');
    for (const text of ['garbage', '-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----\n']) {
      project.write('typo.crt', text);
      expect(told(await project.plan().catch((caught: unknown) => caught))).toMatchObject([
        { code: 'proxy-ca-missing' },
      ]);
    }
    // One that this very apply makes is no mistake.
    project.configure(config(nginx({ clientAuth: { ca: 'certs/root.crt' } })));
    expect(await project.apply()).toMatchObject({ complete: true });
  });
});

describe("the certificate of a shared root, of which clients' certificates are asked", () => {
  const { output: _, ...ca } = FAST.ca;
  const COPY = 'proxy/nginx.ca.crt';

  it('is beside the configuration, made, kept, renewed and pruned', async () => {
    const project = scratchProject(config(nginx({ clientAuth: true }), { ca }));
    const result = await project.apply();
    expect(summary(result)).toContain('create copy proxy:nginx: missing');
    const site = project.read(SITE);
    expect(site).toContain(project.path(COPY));
    expect(site).not.toContain('/roots/');
    expect(statSync(project.path(COPY)).mode & 0o777).toBe(0o644);
    const root = result.actions.find((action) => action.kind === 'create' && action.target.artifact === 'certificate');
    expect(root?.kind === 'create' && root.target.owner).toMatch(/^ca:/);
    const rootFile = root?.kind === 'create' ? root.target.path : '';
    expect(project.read(COPY)).toBe(readFileSync(rootFile, 'utf8'));
    expect(summary(await project.apply())).toEqual([]);

    const renewed = await project.apply({ force: ['ca:Development Root'], replaceRoot: true });
    expect(renewed.complete).toBe(true);
    expect(summary(renewed)).toContain('replace copy proxy:nginx: certificate-changed');
    expect(project.read(COPY)).toBe(readFileSync(rootFile, 'utf8'));

    project.write(COPY, 'mine\n');
    expect((await project.plan()).complete).toBe(false);
    await project.apply({ adopt: [COPY] });
    expect(project.read(COPY)).toBe(readFileSync(rootFile, 'utf8'));

    project.configure(config(nginx(), { ca }));
    expect(summary(await project.apply({ prune: true }))).toContain('remove copy proxy:nginx: undeclared');
    expect(existsSync(project.path(COPY))).toBe(false);
  });

  it('is the declared copy where there is one, and for a root in the project its own file', async () => {
    const project = scratchProject(
      config(nginx({ clientAuth: true }), { ca: { ...ca, output: { cert: 'certs/root.crt' } } }),
    );
    await project.apply();
    expect(project.read(SITE)).toContain(project.path('certs/root.crt'));
    expect(existsSync(project.path(COPY))).toBe(false);

    const own = scratchProject(config(nginx({ clientAuth: true })));
    await own.apply();
    expect(own.read(SITE)).toContain(own.path('certs/root.crt'));
    expect(existsSync(own.path(COPY))).toBe(false);
  });
});
