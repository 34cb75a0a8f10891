import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { callCli } from '../testing/call-cli.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';

const CA = { name: 'Hooked Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
const host = (name: string, more: object = {}) => ({ name, key: 'ecdsa-p256', ...more });
const posix = process.platform !== 'win32';

/** Appends a line of JSON to a file: the hosts, the paths, the input and one variable. */
const SAY = `
let input = '';
process.stdin.on('data', (text) => (input += text)).on('end', () => {
  const { RCSSL_HOSTS: hosts, RCSSL_PATHS: paths, SECRET: secret } = process.env;
  require('node:fs').appendFileSync(process.argv[1], JSON.stringify({ hosts, paths, secret, input: JSON.parse(input) }) + '\\n');
});`;
const say = (file: string) => ({ command: [process.execPath, '-e', SAY, file] });

function said(project: ScratchProject, file: string): Record<string, string>[] {
  if (!existsSync(project.path(file))) return [];
  const lines = readFileSync(project.path(file), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, string>);
}

describe('a command', () => {
  it('runs once for all that it covers, with what has changed', async () => {
    const hosts = [
      host('a.test', { onChange: say('a') }),
      host('b.test', { output: { cert: { path: 'certs/b.crt', onChange: say('b-cert') } } }),
    ];
    const project = scratchProject({ ca: CA, hosts, onChange: [say('all')] });
    const { ran, complete, hooks } = await project.apply();
    expect([ran.map(({ ok }) => ok), complete, hooks.length]).toEqual([[true, true, true], true, 3]);
    const [all] = said(project, 'all');
    expect(all).toMatchObject({ hosts: 'a.test\nb.test', input: { formatVersion: 1, root: project.folder } });
    expect(all?.['paths']?.split('\n')).toHaveLength(10);
    expect(said(project, 'a')).toMatchObject([{ hosts: 'a.test' }]);
    expect(said(project, 'b-cert')).toMatchObject([{ paths: project.path('certs/b.crt') }]);
    await project.apply();
    project.remove('certs/a.test.csr');
    await project.apply();
    expect([said(project, 'all').length, said(project, 'a').length, said(project, 'b-cert').length]).toEqual([2, 2, 1]);
    expect(existsSync(project.path('.rcssl/hooks.json'))).toBe(false);
  });

  it('never has a passphrase in its environment', async () => {
    process.env['SECRET'] = 'tiger';
    onTestFinished(() => void delete process.env['SECRET']);
    const ca = { ...CA, passphrase: { env: 'SECRET' } };
    const project = scratchProject({ ca, hosts: [host('a.test')], onChange: say('all') }, { SECRET: 'tiger' });
    await project.apply();
    expect(said(project, 'all')).toHaveLength(1);
    expect(readFileSync(project.path('all'), 'utf8')).not.toContain('tiger');
  });

  it.skipIf(!posix)('sees no shell but where one is asked for', async () => {
    const plain = { command: ['echo', '> made-1'] };
    const shell = { command: ['echo hi', '> made-2'], shell: true };
    const project = scratchProject({ ca: CA, hosts: [host('a.test')], onChange: [plain, shell] });
    await project.apply();
    expect([existsSync(project.path('made-1')), existsSync(project.path('made-2'))]).toEqual([false, true]);
  });

  it.skipIf(!posix)('that takes too long is ended with all that it started', async () => {
    const command = ['sh', '-c', 'echo begun; (sleep 60; touch late) & echo $! > pid; wait'];
    const project = scratchProject({ ca: CA, hosts: [host('a.test')], onChange: { command, timeout: '1s' } });
    const { ran } = await project.apply();
    expect(ran).toMatchObject([{ ok: false, why: 'timed out after 1s', output: 'begun\n' }]);
    await sleep(100);
    // Nobody may have asked for what became of it yet: a zombie.
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', project.read('pid').trim()]);
    expect(stdout.toString()).not.toMatch(/^[SRD]/);
  });
});

describe('a hook that fails', () => {
  const fails = { command: [process.execPath, '-e', 'console.error("no such server"); process.exit(3)'] };

  it('fails the apply, is owed, shown by the plan, and run by the next apply, mended or not', async () => {
    const config = { ca: CA, hosts: [host('a.test', { onChange: fails })] };
    const project = scratchProject(config);
    const first = await callCli(project, ['apply']);
    expect(first.code).toBe(1);
    expect(first.out).toContain('certs/a.test.{key,crt');
    expect(first.err).toMatch(/error: the hook .* failed: exit 3\nno such server\nhint: what was made stays/);
    const plan = await callCli(project, ['plan']);
    expect(plan.out).toMatch(/then: [^]*\(owed: it failed\s+before\)\s+next: rcssl apply/);
    expect((await callCli(project, ['check'])).code).toBe(2);
    expect((await callCli(project, ['apply'])).code).toBe(1);
    project.configure({ ...config, hosts: [host('a.test', { onChange: say('a') })] });
    const mended = await callCli(project, ['apply']);
    expect([mended.code, said(project, 'a')]).toMatchObject([0, [{ hosts: 'a.test' }]]);
    expect((await callCli(project, ['apply'])).out).toMatch(/^nothing to do/);
    expect(said(project, 'a')).toHaveLength(1);
  });

  it('is owed though the apply was killed before it could run', async () => {
    const project = scratchProject({ ca: CA, hosts: [host('a.test')], onChange: say('all') });
    const { hooks: real } = project.world;
    const killed = { ...project.world, hooks: () => Promise.reject(new Error('killed')) };
    const { applyProject } = await import('./apply.ts');
    await expect(applyProject(killed, { cwd: project.folder, durable: false })).rejects.toThrow('killed');
    expect(killed.hooks).not.toBe(real);
    expect((await project.plan()).hooks).toMatchObject([{ owed: true }]);
    await project.apply();
    expect(said(project, 'all')).toHaveLength(1);
  });
});

describe('a signal and a call', () => {
  it.skipIf(!posix)('a signal to the process whose id is in a file', async () => {
    const code = 'process.on("SIGHUP", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000);';
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const onChange = { signal: 'SIGHUP', pidFile: 'server.pid' };
    const project = scratchProject({ ca: CA, hosts: [host('a.test')], onChange });
    expect((await project.apply()).ran).toMatchObject([{ ok: false, why: 'ENOENT' }]);
    project.write('server.pid', `${child.pid}\n`);
    expect((await project.apply()).ran).toMatchObject([{ ok: true }]);
    expect(await ended).toBe(7);
  });

  it('an HTTP call with the changes, which has to succeed', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.on('data', (text: Buffer) => bodies.push(`${request.method} ${text.toString()}`));
      request.on('end', () => response.writeHead(bodies.length > 1 ? 204 : 500).end());
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/load`;
    const project = scratchProject({ ca: CA, hosts: [host('a.test')], onChange: { url, method: 'PUT' } });
    expect((await project.apply()).ran).toMatchObject([{ ok: false, why: 'HTTP 500' }]);
    expect((await project.apply()).ran).toMatchObject([{ ok: true }]);
    expect(bodies[1]).toMatch(/^PUT .*"hosts":\["a\.test"\]/);
  });
});
