import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changedFiles, scratchProject, type ScratchProject } from '../testing/project.ts';

const NAMES = ['a.test', 'b.test', 'c.local', 'localhost'];
const ALT = ['*.a.test', 'x.internal', '10.0.0.7', '::1', 'bücher.test', 'https://a.test/x', 'dev@a.test'];
const KEYS = ['ecdsa-p256', 'ecdsa-p384', 'ed25519'];

const host = (name: string) =>
  fc.record({
    name: fc.constant(name),
    altNames: fc.subarray(ALT),
    key: fc.constantFrom(...KEYS),
    validity: fc.constantFrom('30d', '12h', '1y'),
    usage: fc.constantFrom(['server'], ['server', 'client']),
    subject: fc.constantFrom({}, { organization: 'Ärzte & Söhne', country: 'DE' }),
  });

const config = fc
  .subarray(NAMES, { minLength: 1 })
  .chain((names) => fc.tuple(...names.map(host)))
  .map((hosts) => ({
    ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } },
    hosts,
  }));

type Tampering = (project: ScratchProject, file: string, other: string) => void;

const TAMPERINGS: Record<string, Tampering> = {
  deleted: (_, file) => rmSync(file),
  emptied: (_, file) => writeFileSync(file, ''),
  truncated: (_, file) => writeFileSync(file, readFileSync(file).subarray(0, 100)),
  garbage: (_, file) => writeFileSync(file, Buffer.from([0, 255, 7, 45, 45, 45])),
  appended: (_, file) => writeFileSync(file, `${readFileSync(file, 'utf8')}more\n`),
  'another of its kind': (_, file, other) => copyFileSync(other, file),
  ...(process.platform === 'win32'
    ? {}
    : { 'world-writable': (_: ScratchProject, file: string) => chmodSync(file, 0o666) }),
};

describe('planning', () => {
  it('after an apply keeps everything, whatever the order of hosts and names', async () => {
    await fc.assert(
      fc.asyncProperty(config, fc.infiniteStream(fc.nat()), async (declared, picks) => {
        const project = scratchProject(declared);
        await project.apply();
        expect((await project.plan()).complete).toBe(true);
        const shuffled = <T>(items: readonly T[]): T[] =>
          items
            .map((item) => ({ item, rank: picks.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const hosts = shuffled(declared.hosts).map(({ altNames, ...rest }) => ({
          altNames: shuffled(altNames),
          ...rest,
        }));
        project.configure({ hosts, ca: declared.ca });
        expect((await project.plan()).complete).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('is the same value for the same disk and moment', async () => {
    const project = scratchProject({ hosts: ['localhost'], ca: { key: 'ecdsa-p256' } });
    project.setNow(Date.UTC(2026, 5, 1));
    expect(JSON.stringify(await project.plan())).toBe(JSON.stringify(await project.plan()));
  });

  it.each(Object.keys(TAMPERINGS))(
    'names any file %s and heals it by one apply that touches nothing else',
    async (kind) => {
      const owners = ['app', 'api'];
      const files = owners.flatMap((name) =>
        ['key', 'crt', 'csr', 'fullchain.pem'].map((end) => `certs/${name}.test.${end}`),
      );
      for (const file of [...files, 'certs/root.crt', 'certs/root.key']) {
        const project = scratchProject({
          ca: { name: 'Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } },
          hosts: owners.map((name) => ({ name: `${name}.test`, key: 'ecdsa-p256' })),
        });
        await project.apply();
        const other = file.includes('root')
          ? file.replace('root', 'app.test')
          : file.replace(/app|api/, (name) => (name === 'app' ? 'api' : 'app'));
        TAMPERINGS[kind]?.(project, project.path(file), project.path(other));
        const { actions } = await project.plan();
        const named = actions.find((action) => action.kind !== 'remove' && action.target.path === project.path(file));
        expect(named?.kind, file).not.toBe('keep');
        expect(named?.kind, file).not.toBe('blocked');
        const before = project.snapshot();
        await project.apply({ replaceRoot: true });
        expect((await project.plan()).complete, file).toBe(true);
        // The root's key takes everything along; the rest stays with its owner.
        const owner = /root\.key/.test(file)
          ? /./
          : new RegExp(file.includes('root') ? 'root' : file.includes('app') ? 'app' : 'api');
        const touched = changedFiles(before, project.snapshot()).filter((name) => !name.includes('.rcssl/'));
        expect(
          touched.filter((name) => !owner.test(name)),
          file,
        ).toEqual([]);
      }
    },
  );
});
