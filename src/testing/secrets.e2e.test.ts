import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { SecretRef } from '../kernel/secret-ref.ts';
import { requireProgram } from './programs.ts';
import { scratchProject, type ScratchProject } from './project.ts';
import { watchCommandLines } from './secrets/command-lines.ts';
import { record, type Recording } from './secrets/recording.ts';
import { hiddenPassphrase, leaksIn } from './secrets/search.ts';
import { openTerminal } from './terminal.ts';

/*
 * Nothing that rcssl says, writes or passes to a program holds a piece of a private key or of a passphrase: stdout,
 * stderr, JSON, the manifest, the archive's index, certificates and requests, and every command line meanwhile.
 */

// Of this run alone: every process of the machine is looked at, those of another run too.
const OLD = `Zw9-"fü7"-\\Qk3+vN8/xT${process.pid}`;
const NEW = `hB4_%mJ2%_&Yd6=cR1?pG${process.pid}`;
const TYPED = `eL5.sV0,kX7:uM3;wH9${process.pid}`;
const PASSPHRASES = [OLD, NEW, TYPED];

const config = (passphrase: unknown, root: string, hosts: readonly object[]) => ({
  ca: { name: 'Secret Root', key: root, passphrase, output: { key: 'certs/root.key' } },
  defaults: { key: 'ecdsa-p256' },
  hosts,
});
const A = { name: 'a.test' };
const RSA = { name: 'rsa.test', key: 'rsa-2048' };
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
const WAYS: Record<string, Way> = {
  env: { reference: { env: 'ROOT_PASS' }, put: (_, passphrase) => ({ ROOT_PASS: passphrase }) },
  file: { reference: { file: 'secret.txt' }, put: inFile },
  // Slow enough to be seen by whoever looks at processes.
  command: { reference: { command: ['sh', '-c', 'sleep 0.1; cat secret.txt'] }, put: inFile },
};

function leaks({ sources, hidden }: Recording): string[] {
  return leaksIn(sources, [...hidden, ...PASSPHRASES.map(hiddenPassphrase)]);
}

describe.skipIf(process.platform !== 'linux')('no secret is shown', () => {
  let watched: ReturnType<typeof watchCommandLines>;
  let lines: string[];
  beforeAll(() => void (watched = watchCommandLines()));
  afterAll(() => watched.stop());

  it.each(Object.entries(WAYS))('a passphrase by %s', async (_, { reference, put }) => {
    const project = scratchProject();
    const env: Record<string, string> = put(project, OLD);
    const recording = record(project, PASSPHRASES, env);
    const { rcssl } = recording;
    const means = async (code: number, ...args: string[]) => {
      const ended = await rcssl(...args);
      expect(ended, args.join(' ')).toMatchObject({ code });
      return ended.said;
    };
    const declare = (...declared: Parameters<typeof config>) => project.configure(config(...declared));

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

    expect(leaks(recording)).toEqual([]);
    // The search knows the keys that it was to look for.
    for (const name of ['root', 'a.test', 'rsa.test', 'more.test']) {
      const planted = { name: 'planted', bytes: Buffer.from(project.read(`certs/${name}.key`)) };
      expect(leaks({ ...recording, sources: [planted] })).not.toEqual([]);
    }
  });

  it('what was put in the wrong place', async () => {
    const project = scratchProject(config(undefined, 'ecdsa-p256', [A, RSA]));
    const env = { P12: OLD };
    const recording = record(project, PASSPHRASES, env);
    const { rcssl } = recording;
    await rcssl('apply');
    const key = project.read('certs/rsa.test.key');
    const both = async (...more: string[]) => {
      await rcssl('plan', '--verbose', ...more);
      await rcssl('check', '--json', ...more);
    };

    // A key where a certificate is expected, a key that is cut off, a key and a passphrase as a configuration.
    const wrong = { key: 'secret-cut.key', cert: 'secret-key.crt', csr: 'secret-key.csr' };
    project.write('secret-cut.key', key.slice(0, 900));
    for (const name of [wrong.cert, wrong.csr]) copyFileSync(project.path('certs/rsa.test.key'), project.path(name));
    project.configure(config(undefined, 'ecdsa-p256', [A, { ...RSA, output: wrong }]));
    await both();
    await rcssl('apply', '--json');
    for (const name of Object.values(wrong)) await rcssl('inspect', name, '--verbose');
    for (const ending of ['json', 'yaml', 'cjs']) {
      project.write(`secret-1.${ending}`, key);
      project.write(`secret-2.${ending}`, JSON.stringify({ ca: { passphrase: OLD }, hosts: ['a.test'] }));
      project.write(`secret-3.${ending}`, `{ "ca": { "passphrase": ${JSON.stringify(OLD)}, "ca`);
      for (const n of [1, 2, 3]) await both('--config', `secret-${n}.${ending}`);
    }
    project.remove('rcssl.config.json');
    project.write('package.json', `{ "rcssl": { "ca": { "passphrase": ${JSON.stringify(OLD)} }, "hosts": [${key}`);
    expect(await rcssl('plan')).toMatchObject({ code: 1 });

    const own = leaks(recording).filter((leak) => !leak.includes(' in project/package.json '));
    expect(own).toEqual([]);
  });

  describe('a passphrase that is typed', () => {
    requireProgram('tmux', 'bash');

    it('at a prompt', async () => {
      const project = scratchProject(config({ prompt: true }, 'ecdsa-p256', [A]));
      const recording = record(project, PASSPHRASES, {});
      const { HOME = '', XDG_DATA_HOME = '' } = project.world.env;
      const terminal = openTerminal(project.folder, { HOME, XDG_DATA_HOME, NODE_DISABLE_COMPILE_CACHE: '1' });
      const play = async (line: string, ...answers: (readonly [RegExp, string])[]) => {
        terminal.clear();
        terminal.type(`${line}; echo "ended $?"`);
        for (const [question, answer] of answers) {
          await terminal.screen(question);
          terminal.type(answer);
        }
        recording.add(`screen of ${line}`, Buffer.from(await terminal.screen(/^ended \d+$/m)));
      };
      await play('rcssl apply --verbose', [/new passphrase .*:$/m, TYPED], [/again:$/m, TYPED]);
      await play('rcssl apply --verbose --force a.test', [/^passphrase .*:$/m, TYPED]);
      await play('rcssl apply --verbose --force a.test', [/^passphrase .*:$/m, NEW]);
      expect(await recording.rcssl('check')).toMatchObject({ code: 0 });
      expect(recording.sources.map(({ bytes }) => bytes.toString()).join('')).toContain('does not open it');
      expect(leaks(recording)).toEqual([]);
    });
  });

  it('no process had one among its arguments, and one that has is seen', async () => {
    const planted = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', OLD]);
    onTestFinished(() => void planted.kill());
    await expect.poll(() => planted.pid).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 200));
    lines = await watched.stop();
    // tmux is told what the test types.
    const theirs = lines.filter((line) => !line.startsWith('tmux '));
    const sources = theirs.map((line) => ({ name: line.slice(0, 200), bytes: Buffer.from(line, 'latin1') }));
    const found = leaksIn(sources, PASSPHRASES.map(hiddenPassphrase));
    expect(found).toEqual([expect.stringContaining('setTimeout')]);
    expect(lines.filter((line) => line.includes('apply')).length).toBeGreaterThan(5);
  });
});
