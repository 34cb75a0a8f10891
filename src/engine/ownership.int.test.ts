import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCertificates } from '../pki/certificate-read.ts';
import { requireProgram } from '../testing/programs.ts';
import { changedFiles, scratchProject, summary, type ScratchProject } from '../testing/project.ts';

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } };
const P256 = { key: 'ecdsa-p256' };
const config = (...hosts: (string | object)[]) => ({ ca: CA, defaults: P256, hosts });

async function applied(value: object): Promise<ScratchProject> {
  const project = scratchProject(value);
  await project.apply();
  return project;
}

async function settles(project: ScratchProject): Promise<void> {
  expect(summary(await project.plan())).toEqual([]);
}

const archived = (project: ScratchProject): string[] =>
  [...project.snapshot().keys()]
    .filter((name) => name.includes('/archive/'))
    .map((name) => name.split('/').at(-1) ?? '');

const foreignKey = (): string => {
  const other = execFileSync('openssl', ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
  return other.toString();
};

describe("a key of the user's", () => {
  requireProgram('openssl');

  it('is blocked until it is adopted, then used, and archived before it goes', async () => {
    const project = await applied(config());
    const key = foreignKey();
    project.write('certs/a.test.key', key, 0o600);
    project.configure(config('a.test'));
    expect(summary(await project.plan())[0]).toBe('blocked key host:a.test: not-ours');
    await project.apply({ adopt: ['certs/a.test.key'] });
    expect(project.read('certs/a.test.key')).toBe(key);
    await settles(project);
    await project.apply({ force: ['a.test'] });
    expect(project.read('certs/a.test.key')).not.toBe(key);
  });
});

describe("a root's key", () => {
  it.each(['ecdsa-p256', 'ecdsa-p384'])('is never overwritten by a host of %s at its path', async (key) => {
    const project = await applied(config('a.test'));
    const root = project.read('certs/root.key');
    project.configure({ ca: { name: 'Test Root', key: 'ecdsa-p256' }, defaults: P256, hosts: [{ name: 'root', key }] });
    expect(summary(await project.plan())).toContain('blocked key host:root: root-key');
    await project.apply({ replaceRoot: true }).catch(() => undefined);
    expect(project.read('certs/root.key')).toBe(root);
  });

  it('moves with its output: no new root, no new certificate, nobody is asked', async () => {
    const project = await applied(config('a.test'));
    const before = [project.read('certs/root.key'), project.read('certs/root.crt'), project.read('certs/a.test.crt')];
    project.configure({ ...config('a.test'), ca: { ...CA, output: { key: 'ca/own.key', cert: 'ca/own.crt' } } });
    expect(summary(await project.plan())).toEqual([
      'rewrite key ca:Test Root: moved',
      'rewrite certificate ca:Test Root: moved',
    ]);
    await project.apply();
    expect([project.read('ca/own.key'), project.read('ca/own.crt'), project.read('certs/a.test.crt')]).toEqual(before);
    await settles(project);
  });

  it('moves out of the project when the root becomes a shared one', async () => {
    const project = await applied(config('a.test'));
    const leaf = project.read('certs/a.test.crt');
    project.configure({ ca: { name: 'Test Root', key: 'ecdsa-p256' }, defaults: P256, hosts: ['a.test'] });
    await project.apply();
    expect(project.read('certs/a.test.crt')).toBe(leaf);
    await settles(project);
  });

  it('that is lost with its certificate is not replaced in passing', async () => {
    const shared = { ca: { key: 'ecdsa-p256' }, defaults: P256, hosts: ['a.test'] };
    const project = await applied(shared);
    renameSync(`${project.folder}/../data`, `${project.folder}/../elsewhere`);
    await expect(project.apply()).rejects.toThrow(/needs leave/);
    project.configure({ ...shared, ca: { ...shared.ca, name: 'Another Root' } });
  });

  it('that is lost is not taken for an earlier root’s, which still lies where that one was', async () => {
    const at = (key: string, output: object) => ({ ...config('a.test'), ca: { ...CA, key, output } });
    const project = await applied(at('ecdsa-p256', { key: 'old/root.key' }));
    for (const key of ['ecdsa-p384', 'ecdsa-p256']) {
      project.configure(at(key, { key: 'ca/root.key' }));
      await project.apply({ replaceRoot: true });
    }
    project.remove('ca/root.key');
    expect(summary(await project.plan()).slice(0, 2)).toEqual([
      'create key ca:Test Root: key-lost',
      'replace certificate ca:Test Root: key-lost',
    ]);
    await project.apply({ replaceRoot: true });
    await settles(project);
  });

  it('is encrypted without a plain copy in the archive', async () => {
    const project = scratchProject(config('a.test'), { PASS: 'tiger' });
    await project.apply();
    project.configure({ ...config('a.test'), ca: { ...CA, passphrase: { env: 'PASS' } } });
    await project.apply();
    expect(project.read('certs/root.key')).toContain('ENCRYPTED');
    expect(archived(project)).toEqual([]);
    await settles(project);
  });
});

describe('what is no file', () => {
  it.skipIf(process.platform === 'win32')('is blocked at the path of each file, and stays', async () => {
    const project = scratchProject(config('a.test'));
    mkdirSync(project.path('certs/a.test.key'), { recursive: true });
    symlinkSync('/dev/zero', project.path('certs/a.test.csr'));
    execFileSync('mkfifo', [project.path('certs/a.test.crt')]);
    const codes = ['key', 'certificate', 'csr'].map((artifact) => `blocked ${artifact} host:a.test: not-a-file`);
    expect(summary(await project.plan())).toEqual(expect.arrayContaining(codes));
    await project.apply();
    expect(readdirSync(project.path('certs')).filter((name) => name.startsWith('a.test'))).toEqual([
      'a.test.crt',
      'a.test.csr',
      'a.test.key',
    ]);
    expect(summary(await project.plan())).toEqual(expect.arrayContaining(codes));
  });
});

describe('a link that leads out of the project', () => {
  it.skipIf(process.platform === 'win32')('is not followed by a key, nor by the archive', async () => {
    const project = scratchProject(config('a.test'));
    const elsewhere = `${project.folder}/../elsewhere`;
    mkdirSync(elsewhere);
    symlinkSync(elsewhere, project.path('certs'));
    expect(summary(await project.plan())).toContain('blocked key host:a.test: outside');
    await project.apply();
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(project.path('certs'));
    rmSync(project.path('.rcssl'), { recursive: true, force: true });
    symlinkSync(elsewhere, project.path('.rcssl'));
    await expect(project.apply()).rejects.toMatchObject({ diagnostics: [{ code: 'state-link' }] });
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

describe('a root', () => {
  it('with another subject takes its hosts along in one run', async () => {
    const project = await applied(config('a.test'));
    project.configure({ ...config('a.test'), ca: { ...CA, subject: { organization: 'Acme' } } });
    expect(summary(await project.plan())).toContain('replace certificate host:a.test: issuer-replaced');
    await project.apply();
    await settles(project);
  });

  it('that others share neither shrinks nor changes its subject for one of them', async () => {
    const shared = { key: 'ecdsa-p256' };
    const project = await applied({ ca: { ...shared, validity: '2000d' }, defaults: P256, hosts: ['a.test'] });
    project.configure({ ca: { ...shared, subject: { organization: 'Acme' } }, defaults: P256, hosts: ['a.test'] });
    await settles(project);
  });
});

describe('a root made by openssl', () => {
  requireProgram('openssl');

  it('keeps its key identifier when it is renewed, so that its hosts go on', async () => {
    const project = scratchProject(config('a.test'));
    project.write('certs/root.key', foreignKey(), 0o600);
    const [key, out] = [project.path('certs/root.key'), project.path('certs/root.crt')];
    const asTheGuide = ['-sha256', '-days', '1024', '-subj', '/CN=Test Root', '-key', key, '-out', out];
    const critical = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
    const extensions = critical.flatMap((extension) => ['-addext', extension]);
    execFileSync('openssl', ['req', '-x509', '-new', ...asTheGuide, ...extensions]);
    const adopt = ['certs/root.key', 'certs/root.crt'];
    expect(summary(await project.plan())).toContain('blocked key ca:Test Root: not-ours');
    await project.apply({ adopt });
    await settles(project);
    const leaf = project.read('certs/a.test.crt');
    project.configure({ ...config('a.test'), ca: { ...CA, validity: '900d' } });
    await project.apply();
    await settles(project);
    expect(project.read('certs/a.test.crt')).toBe(leaf);
    const verify = [
      'verify',
      '-x509_strict',
      '-CAfile',
      project.path('certs/root.crt'),
      project.path('certs/a.test.crt'),
    ];
    expect(execFileSync('openssl', verify).toString()).toMatch(/OK/);
  });
});

describe('paths', () => {
  it('that two hosts exchange take their keys along', async () => {
    const at = (name: string, stem: string) => ({ name, output: { key: `k/${stem}.key`, cert: `k/${stem}.crt` } });
    const project = await applied(config(at('a.test', 'one'), at('b.test', 'two')));
    const [one, two] = [project.read('k/one.key'), project.read('k/two.key')];
    project.configure(config(at('a.test', 'two'), at('b.test', 'one')));
    await project.apply();
    await settles(project);
    expect([project.read('k/two.key'), project.read('k/one.key')]).toEqual([one, two]);
  });

  it('reached through a link are not removed as another name', async () => {
    const project = await applied(config('a.test'));
    renameSync(project.path('certs'), project.path('tls'));
    symlinkSync('tls', project.path('certs'));
    const output = { key: 'tls/root.key', cert: 'tls/root.crt' };
    project.configure({ ...config('a.test'), ca: { ...CA, output }, outDir: 'tls' });
    const before = project.snapshot();
    await project.apply({ prune: true, replaceRoot: true });
    const gone = changedFiles(before, project.snapshot()).filter((name) => !project.snapshot().has(name));
    expect(gone).toEqual([]);
    await settles(project);
  });

  it('of a host that is gone are still known after the configuration changed its name', async () => {
    const project = await applied(config('a.test', 'b.test'));
    project.remove('rcssl.config.json');
    project.write('rcssl.config.yaml', JSON.stringify(config('a.test')));
    await project.apply();
    const { plan } = await project.plan({ prune: true });
    expect(plan.removals.map(({ path }) => path.split('/').at(-1))).toContain('b.test.key');
  });

  it('of another configuration in the folder are its own', async () => {
    const project = await applied(config('a.test'));
    project.write('two.json', JSON.stringify(config({ name: 'a.test', altNames: ['b.test'] })));
    const two = await project.plan({ config: 'two.json' });
    expect(summary(two)).toContain('blocked key host:a.test: of-another-config');
    expect(two.plan.removals).toEqual([]);
    await settles(project);
  });
});

describe('what one run makes', () => {
  it('never shows a new key beside the certificate of the lost one', async () => {
    const project = await applied(config('a.test'));
    project.remove('certs/a.test.key');
    const seen: string[] = [];
    const { disk } = project.world;
    Object.assign(project.world, {
      disk: {
        ...disk,
        remove: (path: string) => (seen.push(`remove ${path.split('/').at(-1)}`), disk.remove(path)),
        rename: (from: string, to: string) => (seen.push(`rename ${to.split('/').at(-1)}`), disk.rename(from, to)),
      },
    });
    await project.apply();
    expect(seen.indexOf('remove a.test.crt')).toBeLessThan(seen.indexOf('rename a.test.key'));
    expect(seen.indexOf('remove a.test.crt')).toBeGreaterThanOrEqual(0);
  });

  it('is one certificate a file: a second one behind it is put right', async () => {
    const project = await applied(config('a.test'));
    for (const file of ['certs/a.test.crt', 'certs/root.crt']) {
      project.write(file, project.read('certs/root.crt') + project.read('certs/a.test.crt'));
    }
    project.write('certs/a.test.crt', project.read('certs/a.test.fullchain.pem') + project.read('certs/root.crt'));
    expect(summary(await project.plan())).toEqual([
      'rewrite certificate ca:Test Root: encoding',
      'rewrite certificate host:a.test: encoding',
    ]);
    await project.apply();
    expect(readCertificates(Buffer.from(project.read('certs/root.crt')))).toHaveLength(1);
    await settles(project);
  });
});
