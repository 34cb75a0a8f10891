import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bin } from '../built.ts';
import type { Output } from '../clients/run.ts';
import { openNamespace, type Namespace } from '../namespace.ts';
import { guard, type Guarded } from './server.ts';

/** A scratch computer: the system's folders covered, a home with an NSS database and a profile of Firefox, two projects. */
export interface TrustWorld {
  readonly namespace: Namespace;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly chromium: string;
  readonly firefox: string;
  /** A project that is applied, its root and a server with its certificate. */
  readonly project: TrustProject;
  /** Another root of the same name, which somebody else has put into every store. */
  readonly other: TrustProject;
  rcssl(argv: readonly string[], cwd?: string, env?: NodeJS.ProcessEnv): Promise<Output>;
  close(): Promise<void>;
}

interface TrustProject {
  readonly folder: string;
  /** The root's certificate. */
  readonly root: string;
  readonly server: Guarded;
}

const CONFIG = {
  ca: { name: 'Scratch Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } },
  defaults: { key: 'ecdsa-p256' },
  hosts: [{ name: 'localhost', altNames: ['127.0.0.1'] }],
};

export async function openTrustWorld(): Promise<TrustWorld> {
  const base = mkdtempSync(join(tmpdir(), 'rcssl-trust-'));
  const namespace = await openNamespace();
  const home = join(base, 'home');
  const [chromium, firefox] = [join(home, '.pki', 'nssdb'), join(home, '.mozilla', 'firefox', 'ab12cd34.default')];
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: home, LANG: 'C.UTF-8', XDG_RUNTIME_DIR: join(base, 'run') };
  for (const folder of [chromium, firefox, env.XDG_RUNTIME_DIR]) mkdirSync(folder, { recursive: true, mode: 0o700 });

  const rcssl = (argv: readonly string[], cwd: string, more: NodeJS.ProcessEnv = {}) => {
    const run = ['sh', '-c', 'cd "$0" && exec "$@"', cwd, process.execPath, bin, ...argv];
    return namespace.run(run, { ...env, ...more });
  };
  const must = async (argv: readonly string[]): Promise<void> => {
    const { code, stdout, stderr } = await namespace.run(argv, env);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${stdout}${stderr}`);
  };
  const project = await makeProject(join(base, 'project'), rcssl);
  const other = await makeProject(join(base, 'other'), rcssl);
  await must(['cp', other.root, '/usr/local/share/ca-certificates/other-root.crt']);
  await must(['update-ca-certificates']);
  for (const folder of [chromium, firefox]) {
    await must(['certutil', '-N', '-d', `sql:${folder}`, '--empty-password']);
    await must(['certutil', '-A', '-d', `sql:${folder}`, '-t', 'C,,', '-n', 'Scratch Root', '-i', other.root]);
  }
  return {
    namespace,
    env,
    home,
    chromium,
    firefox,
    project,
    other,
    rcssl: (argv, cwd = project.folder, more) => rcssl(argv, cwd, more),
    async close() {
      await Promise.all([project.server.close(), other.server.close()]);
      namespace.close();
      rmSync(base, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function makeProject(
  folder: string,
  rcssl: (argv: readonly string[], cwd: string) => Promise<Output>,
): Promise<TrustProject> {
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, 'rcssl.config.json'), JSON.stringify(CONFIG));
  const { code, stderr } = await rcssl(['apply', '--quiet'], folder);
  if (code !== 0) throw new Error(stderr);
  const read = (name: string) => readFileSync(join(folder, 'certs', name));
  const server = await guard(read('localhost.key'), read('localhost.fullchain.pem'));
  return { folder, root: join(folder, 'certs', 'root.crt'), server };
}
