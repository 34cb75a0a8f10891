import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { bin } from '../testing/built.ts';
import { requireLeave, requireProgram } from '../testing/programs.ts';
import { scratchProject } from '../testing/project.ts';
import { environment } from '../testing/transcript.ts';
import { watchedConfig } from '../testing/watching.ts';

requireProgram('unshare');
requireProgram('ip');

/** A machine with a network of its own: what it reads from stdin it runs, beside a watch. */
const MACHINE = `
ip link set lo up
ip link add lan0 type veth peer name lan1
ip link set lan1 up
ip link set lan0 up
ip addr add 192.168.50.2/24 dev lan0
"$@" &
watch=$!
while read -r line; do $line; done
kill $watch
`;

const veth = ['--net', 'ip', 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'lan1'];
requireLeave(spawnSync('unshare', veth).status === 0 ? undefined : 'a network of its own');

it('a watch follows the addresses of a real network', async () => {
  const { ca, hosts } = watchedConfig('app.test');
  const project = scratchProject({ ca, hosts: hosts.map((host) => ({ ...host, lan: true })) });
  const child = spawn(
    'unshare',
    ['--net', 'sh', '-ec', MACHINE, 'machine', process.execPath, bin, 'watch', '--quiet'],
    {
      cwd: project.folder,
      env: environment(project.folder),
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  );
  onTestFinished(async () => {
    child.stdin.end();
    await once(child, 'close');
  });
  const names = (): string => {
    try {
      return new X509Certificate(project.read('certs/app.test.crt')).subjectAltName ?? '';
    } catch {
      return '';
    }
  };
  const within = { timeout: 30_000, interval: 100 };
  await expect.poll(names, within).toMatch(/192\.168\.50\.2/);
  child.stdin.write('ip addr add 10.1.2.3/24 dev lan0\n');
  await expect.poll(names, within).toMatch(/10\.1\.2\.3.*192\.168\.50\.2|192\.168\.50\.2.*10\.1\.2\.3/);
  // One that is gone stays for a while: a laptop goes to and fro between two networks.
  child.stdin.write('ip addr del 192.168.50.2/24 dev lan0\nip addr add 10.9.9.9/24 dev lan0\n');
  await expect.poll(names, within).toMatch(/10\.9\.9\.9/);
  expect(names()).toContain('192.168.50.2');
});
