import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DAY, HOUR } from '../../kernel/duration.ts';
import { rememberedBy } from '../../doctor/hsts-memory.ts';
import { applied, DOCTOR_CONFIG, examine, pairOf, serveAnswers } from '../../testing/doctor.ts';
import { requireProgram } from '../../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../../testing/project.ts';

/** What the project and this computer have to say, with no server or beside one. */

const withHost = (over: object): object => ({ ...DOCTOR_CONFIG, hosts: [{ ...DOCTOR_CONFIG.hosts[0], ...over }] });

it('a project in order passes, with nothing on the wire to look at', async () => {
  const said = await examine(await applied());
  for (const id of ['files', 'keys', 'clients', 'clock']) expect([id, said[id]?.verdict]).toEqual([id, 'good']);
  for (const id of ['name', 'port', 'https', 'chain', 'hsts', 'websocket']) expect(said[id]?.codes).toEqual([]);
});

it('files is bad where some are missing, and in doubt where a renewal is due', async () => {
  const project = await applied();
  project.setNow(Date.now() + 340 * DAY);
  expect((await examine(project))['files']).toMatchObject({ verdict: 'doubt', codes: ['doctor-files-due'] });
  project.setNow(undefined);
  project.remove('certs/localhost.crt');
  expect((await examine(project))['files']).toMatchObject({ verdict: 'bad', codes: ['doctor-files-pending'] });
});

describe('keys', () => {
  requireProgram('git');
  const git = (project: ScratchProject, ...args: string[]): void =>
    void execFileSync('git', args, { cwd: project.folder, stdio: 'pipe' });

  it('is bad where one is open to others, or in git', async () => {
    const project = await applied();
    project.write('certs/localhost.key', project.read('certs/localhost.key'), 0o644);
    const open = (await examine(project))['keys'];
    expect(open).toMatchObject({ verdict: 'bad', codes: ['key-readable'], fix: expect.stringContaining('chmod') });
    project.write('certs/localhost.key', project.read('certs/localhost.key'), 0o600);
    project.remove('.git');
    git(project, 'init', '-q');
    git(project, 'add', '--force', 'certs/localhost.key');
    project.write('.gitignore', 'certs/root.key\n');
    expect((await examine(project))['keys']).toMatchObject({ verdict: 'bad', codes: ['key-tracked'] });
  });
});

describe('clients', () => {
  it('is in doubt of what a client refuses: in the files, and as it is served', async () => {
    const project = await applied({ ...withHost({ validity: '900d', accept: ['apple-825'] }) });
    const files = (await examine(project))['clients'];
    expect(files).toMatchObject({ verdict: 'doubt', codes: ['doctor-client-refuses'] });
    expect(files?.fix).toContain("validity: '825d'");
    const port = await serveAnswers({}, pairOf(project));
    project.configure({ ...DOCTOR_CONFIG, hosts: [{ name: 'other.test', key: 'ecdsa-p256' }] });
    const served = (await examine(project, `localhost:${port}`))['clients'];
    expect(served).toMatchObject({ verdict: 'doubt', codes: ['doctor-client-refuses'] });
    expect(served?.fix).toContain('let rcssl issue it');
  });
});

describe('clock', () => {
  it('is bad before the certificates of the project were made', async () => {
    const project = await applied();
    project.setNow(Date.now() - 2 * HOUR);
    const said = (await examine(project))['clock'];
    expect(said).toMatchObject({ verdict: 'bad', codes: ['doctor-clock-behind'] });
  });

  it('is in doubt where the server has another time, and good where it has the same', async () => {
    const project = await applied();
    const look = async (date: number) => {
      const headers = { date: new Date(date).toUTCString() };
      return (await examine(project, `localhost:${await serveAnswers({ headers }, pairOf(project))}`))['clock'];
    };
    expect(await look(Date.now() + HOUR)).toMatchObject({ verdict: 'doubt', codes: ['doctor-clock-apart'] });
    expect(await look(Date.now())).toMatchObject({ verdict: 'good' });
  });
});

describe('hsts', () => {
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  it('is in doubt where the server says so, and good where it does not', async () => {
    const project = await applied();
    const headers = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };
    const port = await serveAnswers({ headers }, pairOf(project));
    expect((await examine(project, `localhost:${port}`))['hsts']).toMatchObject({ codes: ['doctor-hsts-sent'] });
    const off = await serveAnswers({ headers: { 'strict-transport-security': 'max-age=0' } }, pairOf(project));
    expect((await examine(project, `localhost:${off}`))['hsts']).toMatchObject({ codes: ['doctor-hsts'] });
  });

  it('finds what Chromium and Firefox remember, of a name above it where it counts for it', async () => {
    const project = await applied();
    const { home } = project.world.computer();
    const hash = (wire: string): string => createHash('sha256').update(wire, 'latin1').digest('base64');
    const entry = (wire: string, below: boolean) => ({
      host: hash(wire),
      mode: 'force-https',
      sts_include_subdomains: below,
    });
    const sts = [entry('\u0003app\u0004test\u0000', false), entry('\u0003dev\u0004corp\u0000', true)];
    put(join(home, '.config/chromium/Default/TransportSecurity'), JSON.stringify({ sts, version: 2 }));
    const profile = join(home, '.mozilla/firefox/abc.default');
    put(join(profile, 'cert9.db'), '');
    put(join(profile, 'SiteSecurityServiceState.bin'), 'x\u0000\u0000fox.test\u0000\u0000\u0000');
    const look = (host: string) => rememberedBy(project.world, host).map(({ browser }) => browser);
    expect(look('app.test')).toEqual(['Chromium']);
    expect(look('a.app.test')).toEqual([]);
    expect(look('a.b.dev.corp')).toEqual(['Chromium']);
    expect(look('fox.test')).toEqual(['Firefox']);
    expect(look('x.test')).toEqual([]);
    // Firefox's database is none that can be asked.
    rmSync(profile, { recursive: true });
    const said = await examine(project, 'app.test:1', { address: '127.0.0.1' });
    expect(said['hsts']).toMatchObject({ verdict: 'doubt', codes: ['doctor-hsts-remembered'] });
    put(join(home, '.config/chromium/Default/TransportSecurity'), '{"sts":[null,3,{}]}');
    expect(look('app.test')).toEqual([]);
  });
});

it('domain is in doubt of names that browsers open by https alone, and tells of public ones', async () => {
  const look = async (...names: string[]) => {
    const [name, ...altNames] = names;
    return (await examine(scratchProject(withHost({ name, altNames }))))['domain'];
  };
  expect(await look('my.dev', 'chat.local')).toMatchObject({ verdict: 'doubt', codes: ['doctor-preloaded'] });
  expect(await look('mydomain.com')).toMatchObject({ verdict: 'idle', codes: ['doctor-public'] });
  expect(await look('localhost', '*.app.test', 'a.internal', '10.0.0.1', '::1')).toMatchObject({ codes: [] });
});
