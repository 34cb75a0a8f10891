import { dirname } from 'node:path';
import { bin } from '../built.ts';
import type { Output } from '../clients/run.ts';
import type { TrustWorld } from './world.ts';

const NAME = 'trusting';
const LIBRARY = '/usr/local/lib/rcssl';
const NODE = '/usr/local/bin/node-of-test';

/** Somebody whose home and projects these are, and who is not root. */
export interface TrustUser {
  run(argv: readonly string[]): Promise<Output>;
  /** `sudo rcssl …` */
  runAsSudo(argv: readonly string[]): Promise<Output>;
  /** Lets sudo do anything without a password. */
  mayDo(): Promise<void>;
  /** What lies in the home and is somebody else's. */
  filesOfOthers(): Promise<string>;
}

/** The scratch computer gets a user, who gets the home and the projects, and rcssl where everybody may read it. */
export async function becomeUser({ namespace, home, project }: TrustWorld): Promise<TrustUser> {
  const must = async (...argv: string[]): Promise<void> => {
    const { code, stderr } = await namespace.run(argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  };
  await must('useradd', '--home-dir', home, '--shell', '/bin/sh', NAME);
  await must('chown', '-R', `${NAME}:`, dirname(home));
  await must('mkdir', '-p', LIBRARY);
  await must('cp', '-r', dirname(bin), `${dirname(bin)}/../package.json`, LIBRARY);
  await must('cp', process.execPath, NODE);
  const inProject = ['sh', '-c', 'cd "$0" && exec "$@"', project.folder];
  const rcssl = [NODE, `${LIBRARY}/dist/bin.js`];
  const as = ['runuser', '-u', NAME, '--', 'env', '-i', `HOME=${home}`, 'PATH=/usr/bin:/bin', 'LANG=C.UTF-8'];
  return {
    run: (argv) => namespace.run([...as, ...inProject, ...rcssl, ...argv]),
    runAsSudo: (argv) => namespace.run([...as, ...inProject, 'sudo', '-n', ...rcssl, ...argv]),
    mayDo: () => must('sh', '-c', `echo '${NAME} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${NAME}`),
    async filesOfOthers() {
      return (await namespace.run(['find', home, '!', '-user', NAME])).stdout;
    },
  };
}
