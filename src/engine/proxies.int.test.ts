import { chmodSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { callCli } from '../testing/call-cli.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject, summary } from '../testing/project.ts';

const FAST = { ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } }, defaults: { key: 'ecdsa-p256' } };
const HOSTS = [{ name: 'app.test', altNames: ['*.app.test'] }, 'chat.test'];
const config = (proxies: readonly object[], hosts: readonly unknown[] = HOSTS) => ({ ...FAST, hosts, proxies });
const SITE = 'proxy/nginx.conf';
const nginx = (more: object = {}) => ({ server: 'nginx', validate: false, ...more });
const codes = (error: unknown) => (error instanceof RcsslError ? error.diagnostics.map(({ code }) => code) : error);

describe('every server', () => {
  requireProgram('nginx', 'apache2', 'caddy', 'haproxy', 'lighttpd');

  it.each(['nginx', 'apache', 'caddy', 'caddy-json', 'haproxy', 'lighttpd'])(
    '%s accepts what is written for it, by itself and as a part, with addresses and without',
    async (server) => {
      const routes = [
        { path: '/api', upstream: ['http://a:1', 'http://b:2'] },
        { host: 'chat.test', upstream: 'http://127.0.0.1:4000' },
      ];
      const clientAuth = server === 'lighttpd' ? true : { hosts: ['chat.test'] };
      const proxy = { server, routes, hsts: '1h', clientAuth };
      const local = { name: 'localhost', altNames: ['127.0.0.1', '::1'] };
      const project = scratchProject();
      for (const standalone of [true, false]) {
        for (const hosts of [HOSTS, [...HOSTS, local]]) {
          project.configure(config([{ ...proxy, standalone }], hosts));
          expect(await project.apply()).toMatchObject({ complete: true });
          expect(await project.plan()).toMatchObject({ complete: true });
        }
      }
    },
  );
});

describe('a container', () => {
  const compose = (ca: object, hosts: object[]) => ({
    ca: { key: 'ecdsa-p256', ...ca },
    hosts,
    proxies: [{ server: 'compose', hosts: ['a.test'] }],
  });
  const host = (name: string, more: object = {}) => ({ name, key: 'ecdsa-p256', ...more });

  it.each([
    ["the root's", compose({ output: { key: 'certs/root.key' } }, [host('a.test')]), 'root.key'],
    ["another host's", compose({}, [host('a.test'), host('b.test')]), 'b.test.key'],
  ])('gets no folder with a key that is none of its hosts: %s', async (_, config, name) => {
    const error: unknown = await scratchProject(config)
      .plan()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ diagnostics: [{ code: 'proxy-unservable' }] });
    expect(String((error as { diagnostics: { args: { why: string } }[] }).diagnostics[0]?.args.why)).toContain(name);
  });

  it('sees a host that changes behind a link, since it gets the folder above', async () => {
    const project = scratchProject(compose({}, [host('a.test', { layout: 'atomic' })]));
    await project.apply();
    expect(project.read('proxy/compose.yml')).toContain(`source: "${project.path('certs')}"`);
    expect(project.read('proxy/compose.d/rcssl.conf')).toContain('/rcssl/0/a.test/a.test.key');
  });
});

describe('a configuration of a proxy', () => {
  it('is an artifact: made, kept, changed, pruned', async () => {
    const project = scratchProject(config([nginx()]));
    expect(summary(await project.apply())).toContain('create proxy proxy:nginx: missing');
    const first = project.read(SITE);
    expect(first).toMatch(/^# Made by rcssl from rcssl\.config\.json: .* seal [0-9a-f]{16}\n/);
    expect(first).toMatch(/[^\n]\n$/);
    expect(summary(await project.apply())).toEqual([]);

    project.configure(config([nginx({ maxBody: '1mb' })]));
    const plan = await project.plan();
    expect(summary(plan)).toEqual(['replace proxy proxy:nginx: text-changed']);
    const action = plan.actions.find(({ kind }) => kind === 'replace');
    expect(action?.kind === 'replace' && action.archive).toBe(false);
    expect(JSON.stringify(action)).toContain('+  client_max_body_size 1048576;');
    await project.apply();

    project.configure(config([]));
    expect(summary(await project.apply({ prune: true }))).toEqual(['remove proxy proxy:nginx: undeclared']);
    expect(() => project.read(SITE)).toThrow();
  });

  it('that was edited is drift: shown, and archived when it is written anew', async () => {
    const project = scratchProject(config([nginx()]));
    await project.apply();
    const mine = project.read(SITE).replace('client_max_body_size 209715200', 'client_max_body_size 1');
    project.write(SITE, mine);
    expect(summary(await project.plan())).toEqual(['replace proxy proxy:nginx: edited']);
    const { out } = await callCli(project, ['plan']);
    expect(out).toContain('-  client_max_body_size 1;');
    expect(out).toContain('goes to .rcssl/archive/');
    await project.apply();
    const [archive = ''] = readdirSync(project.path('.rcssl/archive'));
    expect(project.read(`.rcssl/archive/${archive}/nginx.conf`)).toBe(mine);
    expect(await project.plan()).toMatchObject({ complete: true });
  });

  it('that somebody else wrote is left alone until it is adopted', async () => {
    const project = scratchProject(config([nginx()]));
    project.write(SITE, 'mine\n');
    expect(summary(await project.apply())).toEqual(
      expect.arrayContaining([expect.stringMatching(/^blocked proxy proxy:nginx: not-ours/)]),
    );
    expect(project.read(SITE)).toBe('mine\n');
    await project.apply({ adopt: [SITE] });
    expect(project.read(SITE)).toContain('Made by rcssl');
    const [archive = ''] = readdirSync(project.path('.rcssl/archive'));
    expect(project.read(`.rcssl/archive/${archive}/nginx.conf`)).toBe('mine\n');
  });

  it('is known as ours without the manifest, by its seal', async () => {
    const project = scratchProject(config([nginx()]));
    await project.apply();
    project.remove('.rcssl/manifest.json');
    expect(await project.plan()).toMatchObject({ complete: true });
  });

  it('shows no private key that was pasted into it', async () => {
    const project = scratchProject(config([nginx()]));
    await project.apply();
    const key = project.read('certs/app.test.key');
    project.write(SITE, project.read(SITE) + key);
    const shown = JSON.stringify(await project.plan());
    expect(shown).toContain('a line of a private key');
    expect(shown).not.toContain(key.split('\n')[1]);
  });

  it('does not change with a renewal, but what it needs does', async () => {
    const project = scratchProject(config([{ server: 'haproxy', validate: false, hosts: ['app.test'] }]));
    await project.apply();
    const before = project.read('certs/app.test.pem');
    expect(before).toBe(project.read('certs/app.test.fullchain.pem') + project.read('certs/app.test.key'));
    expect(statSync(project.path('certs/app.test.pem')).mode & 0o777).toBe(0o600);
    expect(() => project.read('certs/chat.test.pem')).toThrow();
    const { plan } = await project.apply({ force: ['app.test'] });
    expect(plan.proxies).toMatchObject([{ changes: true, files: [{ kind: 'keep' }] }]);
    expect(project.read('certs/app.test.pem')).not.toBe(before);
    expect(project.read('certs/app.test.pem')).toBe(
      project.read('certs/app.test.fullchain.pem') + project.read('certs/app.test.key'),
    );

    chmodSync(project.path('certs/app.test.pem'), 0o644);
    expect(summary(await project.plan())).toEqual(['rewrite combined host:app.test: mode']);
    expect((await project.plan()).diagnostics.map(({ code }) => code)).toContain('key-readable');
    project.write('certs/app.test.pem', project.read('certs/chat.test.key'));
    expect(summary(await project.plan())).toEqual(['replace combined host:app.test: malformed']);
    await project.apply();
    expect(await project.plan()).toMatchObject({ complete: true });
  });

  it('that a server could not read is refused before anything is written', async () => {
    const project = scratchProject(
      config([{ server: 'apache', validate: false }], [{ name: 'app.test', output: { key: 'certs/a\nb' } }]),
    );
    expect(codes(await project.apply().catch((error: unknown) => error))).toEqual(['proxy-unwritable']);
    expect(() => readdirSync(project.path('certs'))).toThrow();
  });

  it('is not checked where the server is not installed, and the plan says so', async () => {
    const project = scratchProject(config([{ server: 'nginx' }]));
    const world = {
      ...project.world,
      files: {
        ...project.world.files,
        entry: (path: string) => (path.endsWith('/nginx') ? undefined : project.world.files.entry(path)),
      },
    };
    const { planProject } = await import('./plan.ts');
    const { diagnostics } = await planProject(world, { cwd: project.folder });
    expect(diagnostics.map(({ code }) => code)).toContain('proxy-unchecked');
    const { applyProject } = await import('./apply.ts');
    expect(await applyProject(world, { cwd: project.folder, durable: false })).toMatchObject({ complete: true });
  });
});

describe('a server', () => {
  const said = (code: number, stderr: string) => ({ code, stdout: Buffer.alloc(0), stderr: Buffer.from(stderr) });

  it('that refuses a configuration keeps the old one, and nothing else is written', async () => {
    const project = scratchProject(config([nginx()]));
    await project.apply();
    const before = project.snapshot();
    project.configure(config([{ server: 'nginx', maxBody: '1mb' }]));
    const ran: (readonly string[])[] = [];
    const exec = {
      run: async (argv: readonly string[]) => {
        if (argv[0] === 'git') return said(0, '');
        ran.push(argv);
        return said(1, 'nginx: [emerg] unknown\u001B[31m directive\n');
      },
    };
    const entry = (path: string) =>
      path === '/usr/sbin/nginx'
        ? project.world.files.entry('/') && {
            ...project.world.files.entry(project.path('rcssl.config.json'))!,
            mode: 0o755,
          }
        : project.world.files.entry(path);
    const world = { ...project.world, exec, env: {}, files: { ...project.world.files, entry } };
    const { applyProject } = await import('./apply.ts');
    const error = await applyProject(world, { cwd: project.folder, durable: false }).catch((caught: unknown) => caught);
    expect(codes(error)).toEqual(['proxy-refused']);
    expect(String(error)).not.toContain('\u001B');
    expect(ran).toEqual([
      ['/usr/sbin/nginx', '-t', '-q', '-e', expect.any(String), '-c', project.path('.rcssl/check-nginx/configuration')],
    ]);
    const after = project.snapshot();
    before.delete('project/rcssl.config.json');
    after.delete('project/rcssl.config.json');
    expect(after).toEqual(before);
  });

  it('is told of new files after the apply, once; a failure undoes nothing, and is owed', async () => {
    const project = scratchProject(config([nginx({ reload: ['touch', 'told'] })]));
    await project.apply();
    expect(project.read('told')).toBe('');
    project.remove('told');
    await project.apply();
    expect(() => project.read('told')).toThrow();
    await project.apply({ force: ['chat.test'] });
    expect(project.read('told')).toBe('');
    project.remove('told');
    await project.apply({ force: ['chat.test'], only: ['chat.test'] });
    expect(project.read('told')).toBe('');
    project.configure(config([nginx({ reload: ['rcssl-no-such-program', 'x'] })]));
    const result = await project.apply({ force: ['chat.test'] });
    expect(result).toMatchObject({
      complete: false,
      ran: [{ label: 'rcssl-no-such-program x', ok: false, why: 'ENOENT' }],
    });
    project.configure(config([nginx({ reload: ['touch', 'told'] })]));
    expect(await project.apply()).toMatchObject({ complete: true, done: [], ran: [{ label: 'touch told', ok: true }] });
  });

  it('owes nobody anything while a server of its own does not run', async () => {
    const project = scratchProject(
      config([nginx({ standalone: true, listen: 8443, redirectFrom: false, reload: true })]),
    );
    expect(await project.apply()).toMatchObject({
      complete: true,
      ran: [{ label: expect.stringMatching(/^SIGHUP to .*nginx.pid$/), ok: true }],
    });
    project.write('proxy/nginx.run/nginx.pid', '4194999\n');
    expect(await project.apply({ force: ['chat.test'] })).toMatchObject({ complete: true, ran: [{ ok: true }] });
  });
});
