import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { trustEnvironment } from '../engine/environment.ts';
import { bin } from '../testing/built.ts';
import { run as runProgram } from '../testing/clients/run.ts';
import { requireProgram } from '../testing/programs.ts';
import { scratchProject, type ScratchProject } from '../testing/project.ts';
import { environment, run, type Ran } from '../testing/transcript.ts';

/**
 * Real programs in front of two live servers: one of the project, whose root nobody trusts but by `rcssl exec`, and one
 * of another root, which the user or the system trusts already and must go on trusting.
 */

const CONFIG = {
  ca: { key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  hosts: [{ name: 'localhost', key: 'ecdsa-p256' }],
};

const visitJava = fileURLToPath(new URL('../../fixtures/clients/Visit.java', import.meta.url));

/** Each reads `https://localhost:PORT/` and exits 0 once it has. */
const PROGRAMS: Readonly<Record<string, (port: number) => readonly string[]>> = {
  node: (port) => [
    process.execPath,
    '-e',
    `fetch('https://localhost:${port}/').then((a) => process.exit(a.status === 200 ? 0 : 1), () => process.exit(1))`,
  ],
  python3: (port) => ['python3', '-c', `import urllib.request as u; u.urlopen('https://localhost:${port}/').read()`],
  curl: (port) => ['curl', '--disable', '--silent', '--show-error', `https://localhost:${port}/`],
  git: (port) => ['git', 'ls-remote', `https://localhost:${port}/`],
  java: (port) => ['java', '-XX:TieredStopAtLevel=1', visitJava, String(port), 'localhost'],
};

/** A server that git, too, can read: it has the one branch of a dumb repository. */
async function serve(project: ScratchProject): Promise<number> {
  const pair = { key: project.read('certs/localhost.key'), cert: project.read('certs/localhost.fullchain.pem') };
  const server = createServer(pair, ({ url }, response) => {
    const isRefs = url?.startsWith('/info/refs');
    response.end(isRefs ? `${'1'.repeat(40)}\trefs/heads/main\n` : 'ref: refs/heads/main\n');
  });
  server.on('tlsClientError', () => {});
  onTestFinished(() => void server.close());
  return new Promise((resolve) => server.listen(0, () => resolve((server.address() as AddressInfo).port)));
}

async function made(name: string): Promise<ScratchProject> {
  const project = scratchProject({ ...CONFIG, ca: { ...CONFIG.ca, name } });
  await project.apply();
  return project;
}

/** Java's own way to trust the other root: a trust store with nothing else in it. */
async function storeOf(other: ScratchProject): Promise<string> {
  const store = other.path('other.p12');
  const words = ['-importcert', '-noprompt', '-alias', 'other', '-file', other.path('certs/root.crt')];
  const { code, stdout } = await runProgram('keytool', [...words, '-keystore', store, '-storepass', 'changeit']);
  if (code !== 0) throw new Error(stdout);
  return store;
}

/** What makes each program trust the other root, as a user has it already. */
async function trusting(program: string, other: ScratchProject): Promise<Record<string, string>> {
  const root = other.path('certs/root.crt');
  if (program === 'java') {
    const store = `-Djavax.net.ssl.trustStore=${await storeOf(other)} -Djavax.net.ssl.trustStorePassword=changeit`;
    return { JAVA_TOOL_OPTIONS: `-Xmx200m ${store}` };
  }
  return { node: { NODE_EXTRA_CA_CERTS: root }, git: { GIT_SSL_CAINFO: root } }[program] ?? { SSL_CERT_FILE: root };
}

const said = ({ stdout, stderr }: Ran): string => `${stdout}${stderr}`;

/** Java tells of a failed handshake, and exits 0. */
const reached = (program: string, result: Ran): boolean =>
  result.code === 0 && (program !== 'java' || result.stdout === 'ok\n');

describe.each(Object.keys(PROGRAMS))('%s', (program) => {
  requireProgram(...(program === 'java' ? ['java', 'keytool'] : program === 'node' ? [] : [program]));
  const argv = PROGRAMS[program] ?? (() => []);

  it('refuses the server, reaches it by rcssl exec, and goes on trusting what its variables name', async () => {
    const [project, other] = [await made('Ours'), await made('Other')];
    const [ours, theirs] = [await serve(project), await serve(other)];
    const own = await trusting(program, other);
    const env = { ...environment(project.folder), ...own };
    const plainly = async (port: number): Promise<Ran> =>
      run(argv(port), { cwd: project.folder, env, timeout: 120_000 });
    const exec = (port: number): Promise<Ran> =>
      run([process.execPath, bin, 'exec', '--', ...argv(port)], { cwd: project.folder, env, timeout: 120_000 });
    const refused = await plainly(ours);
    expect(reached(program, refused), said(refused)).toBe(false);
    for (const result of [await plainly(theirs), await exec(ours), await exec(theirs)]) {
      expect(reached(program, result), said(result)).toBe(true);
    }
  });
});

describe.each(['python3', 'curl', 'git'])('%s and the roots of the system', (program) => {
  requireProgram(program);

  it('are trusted beside the root of the project', async () => {
    const [project, other] = [await made('Ours'), await made('Other')];
    const [ours, theirs] = [await serve(project), await serve(other)];
    const { world, folder } = project;
    const system = { ...world, computer: () => ({ ...world.computer(), system: 'macos' as const }) };
    const systemRoots = () => Promise.resolve([other.read('certs/root.crt')]);
    const { variables } = await trustEnvironment({ ...system, systemRoots }, { cwd: folder });
    const env = { ...environment(folder), ...variables };
    for (const port of [ours, theirs]) {
      const result = await run(PROGRAMS[program]?.(port) ?? [], { cwd: folder, env, timeout: 120_000 });
      expect(reached(program, result), said(result)).toBe(true);
    }
  });
});

describe("Java's trust store", () => {
  requireProgram('java', 'keytool');

  it('is made where the path has letters that are not of ASCII', async () => {
    const project = scratchProject();
    project.write('Jürgen Ünï/rcssl.config.json', JSON.stringify(CONFIG));
    const cwd = project.path('Jürgen Ünï');
    await project.apply({ cwd });
    const world = { ...project.world, env: { ...project.world.env, PATH: process.env['PATH'] } };
    const { variables } = await trustEnvironment(world, { cwd });
    expect(variables['JAVA_TOOL_OPTIONS']).toContain(`${cwd}/.rcssl/exec/java`);
  });

  it('is made once, again after a change of the root, and in place of one that came with the project', async () => {
    const project = await made('Ours');
    const env = { ...project.world.env, PATH: process.env['PATH'] };
    let count = 0;
    const make = async (more: Record<string, string> = {}) => {
      const options = { cwd: project.folder, onMake: () => void (count += 1) };
      const { variables } = await trustEnvironment({ ...project.world, env: { ...env, ...more } }, options);
      return variables['JAVA_TOOL_OPTIONS'] ?? '';
    };
    const first = await make({ JAVA_TOOL_OPTIONS: '-Xmx200m' });
    expect(first).toBe(`-Xmx200m -Djavax.net.ssl.trustStore=${project.path('.rcssl/exec/java')}`);
    expect([await make({ JAVA_TOOL_OPTIONS: first }), count]).toEqual([first, 1]);
    const { plan } = await project.plan();
    await project.apply({ force: [plan.ca.id], replaceRoot: true });
    await make();
    expect(count).toBe(2);
    project.write('.rcssl/exec/java', 'of somebody else');
    await make();
    expect(count).toBe(3);
    expect(project.read('.rcssl/exec/java')).not.toContain('of somebody else');
  });
});
