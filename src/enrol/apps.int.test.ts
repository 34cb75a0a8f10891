import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { World } from '../kernel/ports.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import { callCli } from '../testing/call-cli.ts';
import { ENROL_CONFIG, enrolProject } from '../testing/enrolling.ts';
import { requireProgram } from '../testing/programs.ts';
import { changedFiles, type ScratchProject } from '../testing/project.ts';
import { writeAndroidConfig } from './android-config.ts';
import { emulate } from './emulate.ts';
import { emulatorPlan, subjectHashOld, type EmulatorPlan } from './emulators.ts';

const XML = 'android/app/src/debug/res/xml/network_security_config.xml';
const ROOT = 'android/app/src/debug/res/raw/rcssl_root.pem';

async function androidProject(): Promise<ScratchProject> {
  const project = await enrolProject();
  mkdirSync(project.path('android/app/src/main'), { recursive: true });
  return project;
}

describe('android-config', () => {
  const write = (project: ScratchProject, out?: string) =>
    writeAndroidConfig(project.world, { cwd: project.folder, ...(out !== undefined && { out }) });

  it('writes the configuration and the root into the debug builds, once', async () => {
    const project = await androidProject();
    const before = project.snapshot();
    const { files, manifest } = await write(project);
    expect(files.map(({ state }) => state)).toEqual(['written', 'written']);
    expect(manifest).toBe(project.path('android/app/src/debug/AndroidManifest.xml'));
    expect(changedFiles(before, project.snapshot())).toEqual([`project/${ROOT}`, `project/${XML}`]);
    expect(project.read(ROOT)).toBe(project.read('certs/root.crt'));
    expect(project.read(XML)).toContain('<certificates src="@raw/rcssl_root" />');
    expect(project.read(XML)).not.toContain('base-config');
    const after = project.snapshot();
    expect((await write(project)).files.map(({ state }) => state)).toEqual(['kept', 'kept']);
    expect(project.snapshot()).toEqual(after);
  });

  it('puts a new root in the place of its own former one', async () => {
    const project = await androidProject();
    await write(project);
    await project.apply({ force: ['ca:Rocket.Chat Development Root'], replaceRoot: true });
    expect((await write(project)).files.map(({ state }) => state)).toEqual(['kept', 'written']);
    expect(project.read(ROOT)).toBe(project.read('certs/root.crt'));
  });

  it.each([XML, ROOT])('touches nothing where %s is somebody else’s', async (path) => {
    const project = await androidProject();
    project.write(path, '<network-security-config/>');
    const before = project.snapshot();
    await expect(write(project)).rejects.toThrow('is not what rcssl would write');
    expect(project.snapshot()).toEqual(before);
  });

  it('touches no leaf certificate, no link and no folder in its place', async () => {
    const project = await androidProject();
    project.write(ROOT, project.read('certs/chat.local.crt'));
    await expect(write(project)).rejects.toThrow('is not what rcssl would write');
    project.remove(ROOT);
    mkdirSync(project.path(ROOT));
    await expect(write(project)).rejects.toThrow('is not what rcssl would write');
  });

  it('wants to be told where there is no Android project', async () => {
    const project = await enrolProject();
    await expect(write(project)).rejects.toThrow('no Android project');
    const { code, out } = await callCli(project, ['enrol', 'android-config', '--out', 'res']);
    expect(code).toBe(0);
    expect(out).toContain('wrote res/xml/network_security_config.xml\nwrote res/raw/rcssl_root.pem');
    expect(out).toContain('android:networkSecurityConfig="@xml/network_security_config"');
  });
});

describe('the old subject hash', () => {
  requireProgram('openssl');

  it.each(['Rocket.Chat Development Root', 'Ünï & <co>', 'x'])('of %s is that of OpenSSL', async (name) => {
    const project = await enrolProject({ ...ENROL_CONFIG, ca: { ...ENROL_CONFIG.ca, name } });
    const [root] = readCertificates(Buffer.from(project.read('certs/root.crt')));
    const args = ['x509', '-in', project.path('certs/root.crt'), '-noout', '-subject_hash_old'];
    expect(subjectHashOld(root!.facts)).toBe(execFileSync('openssl', args, { encoding: 'utf8' }).trim());
  });
});

const FACTS = { subjectDer: '3000' } as Parameters<typeof emulatorPlan>[2];

/** adb and xcrun are not on the machines that test rcssl: their commands are held as data. */
it('the commands of both are these', async () => {
  const lines = (['android', 'ios'] as const).map((emulator) =>
    JSON.stringify(emulatorPlan(emulator, '/home/me/root.crt', FACTS), null, 2),
  );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../../fixtures/enrol/emulators.json');
});

describe('an emulator', () => {
  type Answers = (argv: readonly string[]) => { code: number; says: string } | undefined;

  /** A world whose programs answer so. */
  async function run(answers: Answers, ...emulators: ('android' | 'ios')[]) {
    const project = await enrolProject();
    const ran: string[] = [];
    const shown: EmulatorPlan[] = [];
    const exec: World['exec'] = {
      async run(argv) {
        ran.push(argv.slice(0, 2).join(' '));
        const answer = answers(argv);
        if (!answer) throw Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' });
        return { code: answer.code, stdout: Buffer.from(answer.says), stderr: Buffer.alloc(0) };
      },
    };
    const confirm = async (plans: readonly EmulatorPlan[]) => shown.push(...plans) > 0 && ran.length === 0;
    const result = await emulate({ ...project.world, exec }, { cwd: project.folder, emulators, confirm });
    return { result, ran, shown };
  }

  it('is asked about with its commands first, which then run in order', async () => {
    const { result, ran, shown } = await run(() => ({ code: 0, says: '' }), 'android', 'ios');
    expect(shown.map(({ emulator }) => emulator)).toEqual(['android', 'ios']);
    expect(ran).toEqual(['adb root', 'adb wait-for-device', 'adb push', 'adb shell', 'xcrun simctl']);
    expect(result.emulated.map(({ outcome }) => outcome)).toEqual(['system', 'system']);
  });

  it('whose image is closed gets the file, and the rest is told', async () => {
    const { result, ran } = await run(
      (argv) => ({ code: 0, says: argv[1] === 'root' ? 'adbd cannot run as root in production builds' : '' }),
      'android',
    );
    expect(ran).toEqual(['adb root', 'adb push', 'adb shell']);
    expect(result.emulated).toMatchObject([{ outcome: 'by-hand', byHand: expect.stringContaining('CA certificate') }]);
  });

  it('that fails does not stop the other, and is told with what it said', async () => {
    const { result } = await run(
      (argv) => (argv[0] === 'adb' ? { code: 1, says: 'no devices' } : undefined),
      'android',
      'ios',
    );
    expect(result.emulated.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    expect(result.diagnostics).toMatchObject([
      { code: 'enrol-command-failed', args: { command: 'adb root', why: 'exit 1', output: 'no devices' } },
      { code: 'enrol-command-failed', args: { why: 'ENOENT' } },
    ]);
  });

  it('is left alone without leave', async () => {
    const project = await enrolProject();
    const { code, err } = await callCli(project, ['enrol', '--android-emulator']);
    expect(code).toBe(1);
    expect(err).toContain('$ adb root');
    expect(err).toContain('needs leave');
  });
});
