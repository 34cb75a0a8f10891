import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { requireProgram } from './programs.ts';
import { scratchProject } from './project.ts';
import { watchCommandLines } from './secrets/command-lines.ts';
import { A, config, leaks, NEW, OLD, PASSPHRASES, RSA, searchFullRun, TYPED } from './secrets/full-run.ts';
import { record } from './secrets/recording.ts';
import { hiddenPassphrase, leaksIn } from './secrets/search.ts';
import { openTerminal } from './terminal.ts';

/*
 * Nothing that rcssl says, writes or passes to a program holds a piece of a private key or of a passphrase: stdout,
 * stderr, JSON, the journal, the manifest, the archive's index, certificates and requests, what hooks get, and every command
 * line meanwhile.
 */

describe.skipIf(process.platform !== 'linux')('no secret is shown', () => {
  let watched: ReturnType<typeof watchCommandLines>;
  let lines: string[];
  beforeAll(() => void (watched = watchCommandLines()));
  afterAll(() => watched.stop());

  it.each(['env', 'file', 'command'] as const)('a passphrase by %s', searchFullRun);

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

  it('roots in a backup', async () => {
    const project = scratchProject(config({ env: 'ROOT_PASS' }, 'ecdsa-p256', [A]));
    const env: Record<string, string> = { ROOT_PASS: OLD, BACKUP: NEW };
    const recording = record(project, PASSPHRASES, env);
    const means = async (code: number, ...args: string[]) =>
      expect(await recording.rcssl(...args)).toMatchObject({ code });
    await means(0, 'apply');
    await means(0, 'apply', '--force', 'ca:Secret Root', '--replace-root');
    const backup = ['dev.age', '--passphrase-env', 'BACKUP'];
    await means(0, 'ca', 'list', '--json');
    await means(0, 'ca', 'backup', ...backup, '--verbose');
    for (const name of ['certs/root.key', 'certs/root.crt', '.rcssl']) project.remove(name);
    await means(0, 'ca', 'restore', ...backup, '--json');
    expect(recording.sources.map(({ name }) => name).join('\n')).toMatch(/manifest\.json after ca restore/);
    project.write('certs/root.key', project.read('certs/a.test.key'));
    await means(1, 'ca', 'restore', ...backup, '--verbose');
    env['BACKUP'] = OLD;
    await means(1, 'ca', 'restore', ...backup, '--json');
    expect(leaks(recording)).toEqual([]);
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
