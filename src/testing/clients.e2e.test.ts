import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describe as words, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { DAY } from '../kernel/duration.ts';
import { readCertificates } from '../pki/certificate-read.ts';
import { issueLeaf } from '../pki/certificate-write.ts';
import { KEY_KINDS } from '../pki/key-kinds.ts';
import { decodeKey, encodeKey, generateKey } from '../pki/keys.ts';
import { parseName } from '../pki/names.ts';
import { encodePem } from '../pki/pem.ts';
import type { Client, Verdict } from './clients/client.ts';
import { clients } from './clients/index.ts';
import { startProject, type LiveProject } from './clients/project.ts';
import { serve, type LiveServer } from './clients/server.ts';
import { requireProgram } from './programs.ts';

/**
 * What the built command makes, in front of the clients that it is made for. Each trusts the root and nothing else, and
 * dials 127.0.0.1 whatever the name: the LAN addresses of the example are on no interface of a test machine.
 */

let base: string;
let example: LiveProject;
let kinds: LiveProject;
let addresses: LiveProject;

const DNS_NAMES = ['*.KIND.kinds.test', 'KIND.local', 'KIND.bücher.test', 'KIND.localhost', 'KIND.internal'];
const ADDRESSES = ['127.0.0.1', '::1', '10.1.2.3', 'fd00::1'];
/** Nobody connects to these, but they must not disturb. */
const OTHERS = ['https://kinds.test/KIND', 'KIND@kinds.test'];

/** Outside of the development ranges, too: the root is widened for what is declared. */
const ADDRESS_HOSTS = ['127.0.0.1', '::1', { name: '192.168.1.21', altNames: ['fd00::21'] }, '203.0.113.9'];

const NAMES_OF_A_KIND = 1 + DNS_NAMES.length + ADDRESSES.length;

const hostOf = (kind: string): object => ({
  name: `${kind}.kinds.test`,
  key: kind,
  altNames: [...DNS_NAMES, ...ADDRESSES, ...OTHERS].map((name) => name.replace('KIND', kind)),
});

const folderFor = (name: string): string => {
  mkdirSync(join(base, name, '.git'), { recursive: true });
  return join(base, name);
};

/** Each project has a home of its own. */
const start = (folder: string, file: string): Promise<LiveProject> =>
  startProject(folder, file, { HOME: join(folder, 'home'), XDG_DATA_HOME: join(folder, 'data') });

function startJson(name: string, config: object): Promise<LiveProject> {
  const folder = folderFor(name);
  const file = join(folder, 'rcssl.config.json');
  writeFileSync(file, JSON.stringify(config));
  return start(folder, file);
}

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'rcssl-clients-'));
  const folder = folderFor('example');
  const file = join(folder, 'rcssl.config.ts');
  copyFileSync(fileURLToPath(new URL('../../rcssl.config.example.ts', import.meta.url)), file);
  const ca = { name: 'Kinds Root', key: 'ecdsa-p256', output: { key: 'certs/root.key' } };
  const defaults = { key: 'ecdsa-p256' };
  [example, kinds, addresses] = await Promise.all([
    start(folder, file),
    startJson('kinds', { ca, hosts: KEY_KINDS.map(hostOf) }),
    startJson('addresses', { ca, defaults, hosts: ADDRESS_HOSTS }),
  ]);
});

afterAll(async () => {
  await Promise.all([example?.close(), kinds?.close(), addresses?.close()]);
  rmSync(base, { recursive: true, force: true });
});

const visitAll = (client: Client, { visits, root }: Pick<LiveProject, 'visits' | 'root'>): Promise<Verdict[]> =>
  client.visit(visits, { root, scratch: mkdtempSync(join(base, 'scratch-')) });

const refused = (verdicts: readonly Verdict[]): string[] =>
  verdicts.filter(({ accepted }) => !accepted).map(({ visit, said }) => `${visit.name}: ${said}`);

test('the example has every kind of name that the guide asks for', () => {
  const names = example.visits.map(({ name }) => name);
  for (const name of ['mydomain.com', 'any.mydomain.com', 'localhost', '127.0.0.1', '::1'])
    expect(names).toContain(name);
  expect(names.some((name) => name.endsWith('.local'))).toBe(true);
  expect(names.some((name) => /^(10|192\.168|172)\./.test(name))).toBe(true);
});

describe.each(Object.entries(clients))('%s', (id, client) => {
  requireProgram(...client.programs);

  test('accepts every name of the example', async () => {
    expect(refused(await visitAll(client, example))).toEqual([]);
  });

  test('accepts hosts that have addresses and no name', async () => {
    expect(refused(await visitAll(client, addresses))).toEqual([]);
  });

  test('takes every kind of key and of name, but where the facts say that it refuses', async () => {
    const verdicts = await visitAll(client, kinds);
    const isEd25519 = (verdict: Verdict): boolean =>
      kinds.visits[verdicts.indexOf(verdict)]?.host === 'ed25519.kinds.test';
    expect(refused(verdicts.filter((verdict) => !isEd25519(verdict)))).toEqual([]);
    const onEd25519 = verdicts.filter(isEd25519);
    expect(onEd25519).toHaveLength(NAMES_OF_A_KIND);
    expect(onEd25519.filter(({ accepted }) => accepted)).toHaveLength(id === 'chromium' ? 0 : NAMES_OF_A_KIND);
  });

  test("refuses what the root's key signs outside its constraints", async () => {
    const [inside, outside] = [await forge('forged.kinds.test'), await forge('forged.example.com')];
    try {
      const visits = [
        { name: 'forged.kinds.test', host: 'inside', port: inside.port },
        { name: 'forged.example.com', host: 'outside', port: outside.port },
      ];
      const verdicts = await visitAll(client, { visits, root: kinds.root });
      // Java ignores the constraints of a trust anchor, which RFC 5280 section 6.1 leaves open.
      expect(verdicts.map(({ accepted }) => accepted)).toEqual([true, id === 'java']);
    } finally {
      await Promise.all([inside.close(), outside.close()]);
    }
  });
});

test('rcssl warns of Ed25519, which Chromium refuses, and of no other kind', () => {
  const [warning, ...more] = warningsAbout(kinds, /^hosts\[\d\]\.key$/);
  expect(more).toEqual([]);
  expect(warning?.place.path).toBe(`hosts[${KEY_KINDS.indexOf('ed25519')}].key`);
  expect(warning && words(warning).text).toMatch(/Chrom/);
});

describe('an Ed25519 root', () => {
  requireProgram('certutil');

  test('is taken by Node, but NSS cannot even store it, and rcssl warns of that', async () => {
    const ca = { name: 'Edwards Root', key: 'ed25519', output: { key: 'certs/root.key' } };
    const edwards = await startJson('edwards', { ca, hosts: ['localhost'] });
    try {
      expect(refused(await visitAll(clients.node, edwards))).toEqual([]);
      await expect(visitAll(clients.chromium, edwards)).rejects.toThrow(/SEC_ERROR_ADDING_CERT/);
      expect(warningsAbout(edwards, /^ca\.key$/).map((warning) => words(warning).text)).toEqual([
        expect.stringMatching(/Firefox|NSS/),
      ]);
    } finally {
      await edwards.close();
    }
  });
});

const warningsAbout = ({ diagnostics }: LiveProject, path: RegExp): readonly Diagnostic[] =>
  diagnostics.filter(({ severity, place }) => severity === 'warning' && path.test(place.path ?? ''));

/** A server for a certificate that the project's root signed without rcssl's planning in between. */
async function forge(name: string): Promise<LiveServer> {
  const { output } = kinds.config.ca;
  const [root] = readCertificates(readFileSync(kinds.root));
  const parsed = parseName(name);
  if (!output.key || !root || !('name' in parsed)) throw new Error('the project has no root to sign with');
  const key = await generateKey('ecdsa-p256');
  const leaf = await issueLeaf({
    commonName: name,
    subject: {},
    names: [parsed.name],
    usage: ['server'],
    spki: key.spki,
    keyKind: key.kind,
    notBefore: root.facts.notBefore,
    notAfter: root.facts.notBefore + 30 * DAY,
    issuer: { certificate: root.der, key: await decodeKey(readFileSync(output.key.path)) },
  });
  return serve((await encodeKey(key)).reveal(), encodePem('CERTIFICATE', leaf));
}
