import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { SecretRef } from '../../kernel/secret-ref.ts';
import { scratchProject, type ScratchProject } from '../project.ts';
import { record, type Recording } from './recording.ts';
import { hiddenPassphrase, leaksIn } from './search.ts';

// Of this run alone, in every piece: each process of the machine is looked at, those of another run too.
const own = (marks: string): string =>
  [...marks].map((mark) => mark + randomBytes(3).toString('hex').slice(0, 4)).join('');
export const OLD = own('Z"ü\\+/');
export const NEW = own('h_%&=?');
export const TYPED = own('e.,:;w');
export const PASSPHRASES = [OLD, NEW, TYPED];

export const config = (passphrase: unknown, root: string, hosts: readonly object[]) => ({
  ca: { name: 'Secret Root', key: root, passphrase, output: { key: 'certs/root.key' } },
  defaults: { key: 'ecdsa-p256' },
  hosts,
  // Its check is given copies of the pair, and the host a file with both.
  proxies: [{ server: 'haproxy', hosts: ['a.test'] }],
});
export const A = { name: 'a.test' };
export const RSA = { name: 'rsa.test', key: 'rsa-2048' };
const MORE = { name: 'more.test' };

/** Where a passphrase comes from, and how to make it another one. */
interface Way {
  readonly reference: SecretRef;
  put(project: ScratchProject, passphrase: string): Record<string, string>;
}

const inFile = (project: ScratchProject, passphrase: string) => {
  writeFileSync(project.path('secret.txt'), `${passphrase}\n`, { mode: 0o600 });
  return {};
};
const WAYS = {
  env: { reference: { env: 'ROOT_PASS' }, put: (_, passphrase) => ({ ROOT_PASS: passphrase }) },
  file: { reference: { file: 'secret.txt' }, put: inFile },
  // Slow enough to be seen by whoever looks at processes.
  command: { reference: { command: ['sh', '-c', 'sleep 0.1; cat secret.txt'] }, put: inFile },
} satisfies Record<string, Way>;

export function leaks({ sources, hidden }: Recording): string[] {
  return leaksIn(sources, [...hidden, ...PASSPHRASES.map(hiddenPassphrase)]);
}

/** Every command, roots that are made, replaced and refused, with the passphrase got this way. */
export async function searchFullRun(way: keyof typeof WAYS): Promise<void> {
  const { reference, put }: Way = WAYS[way];
  const project = scratchProject();
  const env: Record<string, string> = put(project, OLD);
  const recording = record(project, PASSPHRASES, env);
  const { rcssl } = recording;
  const means = async (code: number, ...args: string[]) => {
    const ended = await rcssl(...args);
    expect(ended, args.join(' ')).toMatchObject({ code });
    return ended.said;
  };
  const declare = (...declared: Parameters<typeof config>) =>
    project.configure({ ...config(...declared), onChange: { command: ['sh', '-c', '{ env; cat; } > hook.txt'] } });

  await means(0, 'init', '--json');
  project.remove('rcssl.config.json');
  declare(reference, 'ecdsa-p256', [A, RSA]);
  await means(0, 'plan');
  await means(0, 'apply', '--verbose');
  for (const command of ['plan', 'status', 'check', 'inspect certs/a.test.key', 'inspect certs/rsa.test.key']) {
    await means(0, ...command.split(' '), '--verbose');
    await means(0, ...command.split(' '), '--json');
  }
  await means(0, 'apply', '--json', '--verbose', '--force', 'a.test');

  // The wrong passphrase, and none.
  Object.assign(env, put(project, NEW));
  expect(await means(1, 'apply', '--verbose', '--force', 'a.test')).toContain('does not open it');
  await means(1, 'apply', '--json', '--force', 'a.test');
  Object.assign(env, put(project, ''));
  await means(1, 'apply', '--verbose', '--force', 'a.test');

  // A root with a new key, under a new passphrase: the old one is archived.
  Object.assign(env, put(project, NEW));
  declare(reference, 'rsa-2048', [A, RSA]);
  await means(1, 'apply', '--json');
  await means(0, 'apply', '--json', '--verbose', '--replace-root');
  expect(recording.sources.map(({ name }) => name).join('\n')).toMatch(/archive\/.*index\.json/);

  // What cannot be written.
  project.write('blocker', 'a file');
  declare(reference, 'rsa-2048', [A, RSA, { ...MORE, output: { key: 'blocker/more.key' } }]);
  await means(1, 'apply', '--verbose');
  await means(1, 'apply', '--json');
  declare(reference, 'rsa-2048', [A, RSA, MORE]);
  chmodSync(project.path('certs'), 0o500);
  await rcssl('apply', '--verbose'); // whoever is root may write all the same
  chmodSync(project.path('certs'), 0o755);
  await means(0, 'apply');

  expect(project.read('hook.txt')).toContain('RCSSL_HOSTS=more.test');
  expect(leaks(recording)).toEqual([]);
  // The search knows the keys that it was to look for.
  for (const name of ['root', 'a.test', 'rsa.test', 'more.test']) {
    const planted = { name: 'planted', bytes: Buffer.from(project.read(`certs/${name}.key`)) };
    expect(leaks({ ...recording, sources: [planted] })).not.toEqual([]);
  }
}
