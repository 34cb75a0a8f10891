import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { namespaceRefused } from '../testing/namespace.ts';
import { requireLeave, requireProgram } from '../testing/programs.ts';
import { accepts, firefoxAccepts } from '../testing/trust/clients.ts';
import { database, keystore, systemFiles } from '../testing/trust/state.ts';
import { becomeUser } from '../testing/trust/user.ts';
import { openTrustWorld, type TrustWorld } from '../testing/trust/world.ts';

/* The same computer as in trust.long.test.ts, where things are not as usual. Each test leaves it as it found it. */

requireProgram('unshare', 'nsenter', 'update-ca-certificates', 'certutil', 'keytool', 'firefox-esr', 'curl', 'sudo');
requireLeave(namespaceRefused());

let world: TrustWorld;
let before: Awaited<ReturnType<typeof state>>;

async function state() {
  const { namespace, chromium, firefox } = world;
  return {
    files: await systemFiles(namespace),
    chromium: await database(namespace, chromium),
    firefox: await database(namespace, firefox),
    java: await keystore(namespace, '/etc/ssl/certs/java/cacerts'),
  };
}

beforeAll(async () => {
  if (namespaceRefused() !== undefined) return;
  world = await openTrustWorld();
  before = await state();
});
afterAll(() => world?.close());
afterEach(async () => {
  if (world) expect(await state()).toEqual(before);
});

const visitor = () => ({ namespace: world.namespace, env: world.env, server: world.project.server });
const registry = () => join(world.home, '.local/share/rcssl/trust/registry.json');

interface Json {
  readonly roots: readonly { readonly fingerprint: string; readonly state: string }[];
  readonly stores: readonly {
    readonly store: string;
    readonly place?: string;
    readonly result?: string;
    readonly state?: string;
    readonly root: string;
  }[];
}

async function json(argv: readonly string[], folder?: string): Promise<Json & { readonly code: number | null }> {
  const { code, stdout, stderr } = await world.rcssl([...argv, '--json'], folder);
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Json), code };
}

/** A project beside the others, applied. */
async function newProject(name: string): Promise<string> {
  const folder = join(world.project.folder, '..', name);
  mkdirSync(join(folder, '.git'), { recursive: true });
  const ca = { name, key: 'ecdsa-p256', output: { key: 'root.key' } };
  writeFileSync(join(folder, 'rcssl.config.json'), JSON.stringify({ ca, hosts: ['localhost'] }));
  expect(await world.rcssl(['apply'], folder)).toMatchObject({ code: 0 });
  return folder;
}

const results = ({ stores }: Json) => Object.fromEntries(stores.map(({ store, result }) => [store, result]));

test('a database that is none stops no other store, and is told with its own words', async () => {
  const database = join(world.firefox, 'cert9.db');
  const bytes = readFileSync(database);
  writeFileSync(database, 'no database');
  const argv = ['trust', '--yes', '--store', 'chromium', 'firefox', 'debian'];
  const { code, stdout, stderr } = await world.rcssl(argv).finally(() => writeFileSync(database, bytes));
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: Firefox: certutil .*SEC_ERROR/);
  expect(stdout).toMatch(/✘ Firefox/);
  expect(stdout.match(/trusts it now/g)).toHaveLength(2);
  expect(await accepts(visitor(), 'curl')).toBe(true);
  expect(await world.rcssl(['untrust', '--yes'])).toMatchObject({ code: 0 });
});

test('a root that was replaced goes when the new one comes; until then the status names it', async () => {
  const folder = await newProject('Replaced');
  const stores = ['--store', 'chromium', 'firefox'];
  await world.rcssl(['trust', '--yes', ...stores], folder);
  await world.rcssl(['apply', '--force', 'ca:Replaced', '--replace-root'], folder);
  const { stdout } = await world.rcssl(['trust', '--status'], folder);
  expect(stdout).toMatch(/trusted here, no\s+longer current/);
  const trusted = await json(['trust', '--yes', ...stores], folder);
  expect(trusted.code).toBe(0);
  const [live, former] = ['live', 'former'].map((of) => trusted.roots.find(({ state }) => state === of)?.fingerprint);
  expect(trusted.stores.map(({ store, root, result }) => [store, root, result])).toEqual([
    ['chromium', live, 'done'],
    ['chromium', former, 'done'],
    ['firefox', live, 'done'],
    ['firefox', former, 'done'],
  ]);
  expect(await json(['untrust', '--yes'], folder)).toMatchObject({ code: 0 });
});

test('the registry knows what to take out when the whole project is gone', async () => {
  const project = await newProject('Gone');
  expect(await world.rcssl(['trust', '--yes', '--store', 'chromium', 'firefox'], project)).toMatchObject({ code: 0 });
  rmSync(project, { recursive: true });
  const { stdout } = await world.rcssl(['trust', '--status', '--all'], world.home);
  expect(stdout).toMatch(/^Gone {2}former/m);
  expect(stdout).toMatch(/for\s+\S*\/Gone$/m);
  expect(await world.rcssl(['untrust', '--all', '--yes'], world.home)).toMatchObject({ code: 0 });
  expect(existsSync(registry())).toBe(false);
});

test('what somebody else put there stays, with the same certificate too', async () => {
  const { namespace, env, chromium, project } = world;
  const database = ['-d', `sql:${chromium}`, '-n', 'By hand'];
  await namespace.run(['certutil', '-A', ...database, '-t', 'C,,', '-i', project.root], env);
  expect(results(await json(['trust', '--yes', '--store', 'chromium']))).toEqual({ chromium: 'already' });
  const { stores } = await json(['untrust', '--yes']);
  expect(stores).toContainEqual(expect.objectContaining({ store: 'chromium', result: 'skipped' }));
  expect((await namespace.run(['certutil', '-L', ...database], env)).code).toBe(0);
  await namespace.run(['certutil', '-D', ...database], env);
});

/** A program that comes before the system's of that name. */
function instead(name: string, script: string): { readonly PATH: string } {
  const folder = join(world.home, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { PATH: `${folder}:${world.env['PATH']}` };
}

test('an untrust that failed after its first command is done again by the next', async () => {
  const { folder } = world.project;
  expect(await world.rcssl(['trust', '--yes', '--store', 'system'])).toMatchObject({ code: 0 });
  const env = instead('update-ca-certificates', 'exit 1');
  expect(await world.rcssl(['untrust', '--yes'], folder, env)).toMatchObject({ code: 1 });
  rmSync(join(world.home, 'bin'), { recursive: true });
  const { code, stdout } = await world.rcssl(['untrust', '--yes']);
  expect(code, stdout).toBe(0);
  expect(await accepts(visitor(), 'curl')).toBe(false);
  expect(existsSync(registry())).toBe(false);
});

test('a database that cannot be asked is not taken for one without the root', async () => {
  const { folder } = world.project;
  expect(await world.rcssl(['trust', '--yes', '--store', 'chromium'])).toMatchObject({ code: 0 });
  const locked = 'case "$*" in *-a) echo "database is locked" >&2; exit 255;; esac\nexec /usr/bin/certutil "$@"';
  expect(await world.rcssl(['untrust', '--yes'], folder, instead('certutil', locked))).toMatchObject({ code: 1 });
  expect(readFileSync(registry(), 'utf8')).toContain('"chromium"');
  rmSync(join(world.home, 'bin'), { recursive: true });
  expect(await world.rcssl(['untrust', '--yes'])).toMatchObject({ code: 0 });
});

test('a run that was killed after its first command is known to the registry, and undone', async () => {
  const { namespace, env, project } = world;
  // The command that would follow never ends: the run is killed meanwhile.
  const stuck = join(world.home, 'bin');
  mkdirSync(stuck, { recursive: true });
  writeFileSync(join(stuck, 'update-ca-certificates'), '#!/bin/sh\necho $$ >"$HOME/stuck"\nkill -9 $PPID\n', {
    mode: 0o755,
  });
  const killed = await world.rcssl(['trust', '--yes', '--store', 'system'], project.folder, {
    PATH: `${stuck}:${env['PATH']}`,
  });
  expect(killed.code).toBeNull();
  expect(readFileSync(registry(), 'utf8')).toContain('"debian"');
  const anchors = ['ls', '/usr/local/share/ca-certificates'];
  expect((await namespace.run(anchors)).stdout).toMatch(/rcssl-/);
  expect(await world.rcssl(['untrust', '--yes'])).toMatchObject({ code: 0 });
  expect((await namespace.run(anchors)).stdout).not.toMatch(/rcssl-/);
});

test('a policy serves a profile that is made later, and leaves nothing in it', async () => {
  expect(results(await json(['trust', '--yes', '--store', 'firefox-policy']))).toEqual({ 'firefox-policy': 'done' });
  expect(await firefoxAccepts(visitor(), world.firefox)).toBe(true);
  expect(await json(['untrust', '--yes'])).toMatchObject({ code: 0 });
  expect(await firefoxAccepts(visitor(), world.firefox)).toBe(false);
});

test("a Java of the user's own gets the root by keytool, and nobody needs root for it", async () => {
  const { namespace, home } = world;
  const own = join(home, '.jdks', 'own');
  mkdirSync(join(own, 'lib', 'security'), { recursive: true });
  const cacerts = join(own, 'lib', 'security', 'cacerts');
  await namespace.run(['cp', '/etc/ssl/certs/java/cacerts', cacerts]);
  const was = await keystore(namespace, cacerts);
  const { stores } = await json(['trust', '--yes', '--user', '--store', 'java']);
  expect(stores.map(({ place, result }) => [place, result])).toContainEqual([cacerts, 'done']);
  expect(await keystore(namespace, cacerts)).toHaveLength(was.length + 1);
  expect(await json(['untrust', '--yes'])).toMatchObject({ code: 0 });
  expect(await keystore(namespace, cacerts)).toEqual(was);
  rmSync(join(home, '.jdks'), { recursive: true });
});

test('the bundle has the roots of the system and ours', async () => {
  await world.rcssl(['trust', '--yes', '--store', 'bundle']);
  const bundle = join(world.home, '.local/share/rcssl/trust/bundle.pem');
  const curl = (port: number) =>
    world.namespace.run(['curl', '-sS', '--cacert', bundle, '--capath', '/nowhere', `https://localhost:${port}/`]);
  expect(await curl(world.project.server.port)).toMatchObject({ stdout: 'hello\n' });
  expect(await curl(world.other.server.port)).toMatchObject({ stdout: 'hello\n' });
  await world.rcssl(['untrust', '--yes']);
  expect(existsSync(bundle)).toBe(false);
});

test('the script for another machine does the same, and undoes it', async () => {
  const { namespace, env } = world;
  const { stdout: script } = await world.rcssl(['trust', '--print', '--os', 'linux']);
  const path = join(world.home, 'trust.sh');
  writeFileSync(path, script);
  expect(await namespace.run(['sh', path], env)).toMatchObject({ code: 0 });
  expect(await accepts(visitor(), 'curl')).toBe(true);
  const { stores } = await json(['trust', '--status']);
  expect(stores.filter(({ state }) => state === 'trusted').map(({ store }) => store)).toEqual(
    expect.arrayContaining(['debian', 'chromium', 'firefox', 'java']),
  );
  expect(await namespace.run(['sh', path, '--undo'], env)).toMatchObject({ code: 0 });
});

describe('somebody who is not root', () => {
  test('reaches the system store by sudo alone, which is shown; nothing in the home is root’s', async () => {
    const user = await becomeUser(world);
    const shown = await user.run(['trust', '--dry-run']);
    expect(shown.stdout).toMatch(/sudo install -D -m 0644/);
    // Without leave sudo would ask for a password, and nobody is there.
    const refused = await user.run(['trust', '--yes', '--store', 'system']);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/password is required/);
    expect(results(JSON.parse((await user.run(['trust', '--yes', '--user', '--json'])).stdout) as Json)).toMatchObject({
      debian: 'skipped',
      chromium: 'done',
    });
    await user.mayDo();
    expect(await user.run(['trust', '--yes'])).toMatchObject({ code: 0 });
    expect(await accepts(visitor(), 'curl')).toBe(true);
    expect(await user.run(['untrust', '--yes'])).toMatchObject({ code: 0 });
    // The same under sudo: the home is the caller's, and so is the registry.
    expect(await user.runAsSudo(['trust', '--yes'])).toMatchObject({ code: 0 });
    expect(existsSync(registry())).toBe(true);
    expect(await user.filesOfOthers()).toBe('');
    expect(await accepts(visitor(), 'curl')).toBe(true);
    expect(await user.runAsSudo(['untrust', '--yes'])).toMatchObject({ code: 0 });
    expect(await user.filesOfOthers()).toBe('');
  });
});
