import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jsonConfig, ROOT, ROOT_KEY, type HostKey } from './configs.ts';
import { measure, type Variant } from './measure.ts';
import { PEERS, type Peer } from './peers.ts';
import { atLeast, atMost, rowOf, type Row, type Section } from './rows.ts';
import { rcssl, run, type Bench } from './run.ts';
import { freshCopy, makeProject } from './scratch.ts';

// Plain JavaScript, so that they are not charged for the stripping of types.
const FLOOR_SCRIPT = fileURLToPath(new URL('./floor.mjs', import.meta.url));
const UNSYNCED_SCRIPT = fileURLToPath(new URL('./apply-unsynced.mjs', import.meta.url));

const FLOOR = 'the floor';
const SYNCED = 'rcssl apply';
const UNSYNCED = 'rcssl apply, no fsync';

interface Work {
  readonly count: number;
  readonly key: HostKey;
}

/** New hosts, beside the least that their keys and signatures take and beside the tools that do the same. */
export async function issueSections(bench: Bench): Promise<Section[]> {
  const root = makeProject(join(bench.scratch.folder, 'root'), jsonConfig(1, 'ecdsa-p256'));
  await rcssl(bench, root, 'apply', '--only', `ca:${ROOT}`);
  const sections: Section[] = [];
  for (const work of [
    { count: 20, key: 'rsa-2048' },
    { count: 100, key: 'ecdsa-p256' },
  ] as const) {
    sections.push(await issueSection(bench, root, work));
  }
  return sections;
}

async function issueSection(bench: Bench, root: string, work: Work): Promise<Section> {
  const { count, key } = work;
  const template = join(bench.scratch.folder, key);
  freshCopy(root, template);
  makeProject(template, jsonConfig(count, key));
  const installed = PEERS.filter(({ version }) => version !== undefined);
  const floor = [process.execPath, FLOOR_SCRIPT, join(root, ROOT_KEY), key, String(count)] as const;
  const cache = join(bench.scratch.folder, 'compiled');
  const variants: Variant[] = [
    { name: FLOOR, run: async () => (await run(bench, root, floor)).ms },
    applying(bench, UNSYNCED, template, work, [process.execPath, UNSYNCED_SCRIPT, cache]),
    applying(bench, SYNCED, template, work),
    ...installed.map((peer) => peering(bench, peer, root, work)),
  ];
  const times = await measure(variants, bench.rounds);
  return {
    title: `${count} new hosts, ${key}`,
    about:
      'One root for all, RSA-4096 (the default), made beforehand. The floor: the keys and the signatures by the root, ' +
      'in the thread pool of one bare Node process, no files. rcssl writes four files a host (key, request, certificate, full chain). ' +
      'Peers: one call a host of mkcert, three of openssl, by sh; they never fsync.',
    rows: [
      rowOf(times, FLOOR),
      rowOf(times, UNSYNCED, FLOOR, { target: atMost(1.3) }),
      rowOf(times, SYNCED, FLOOR),
      ...PEERS.map((peer) => peerRow(peer, rowOf(times, peer.name, UNSYNCED, { target: atLeast(1) }))),
    ],
  };
}

function peerRow({ version }: Peer, row: Row): Row {
  return version === undefined
    ? { name: row.name, times: undefined, note: 'not installed' }
    : { ...row, note: version };
}

/** An apply in a fresh copy of the project that has its root only. */
function applying(
  bench: Bench,
  name: string,
  template: string,
  { count }: Work,
  command?: readonly [string, ...string[]],
): Variant {
  const project = join(bench.scratch.folder, 'project');
  return {
    name,
    prepare: async () => {
      freshCopy(template, project);
      await settle(bench);
    },
    async run() {
      const { ms } = await (command ? run(bench, project, command) : rcssl(bench, project, 'apply'));
      expectCertificates(join(project, 'certs'), count + 1);
      return ms;
    },
  };
}

function peering(bench: Bench, peer: Peer, root: string, { count, key }: Work): Variant {
  const folder = join(bench.scratch.folder, peer.name);
  return {
    name: peer.name,
    prepare: async () => {
      rmSync(folder, { recursive: true, force: true });
      peer.prepare(folder, root, count, key);
      await settle(bench);
    },
    async run() {
      const { ms } = await run(bench, folder, ['sh', 'run.sh']);
      expectCertificates(folder, peer.name === 'openssl' ? count + 1 : count);
      return ms;
    },
  };
}

/** What an earlier run left in the buffers would be written by the next one that syncs. */
async function settle(bench: Bench): Promise<void> {
  await run(bench, bench.scratch.folder, ['sync']);
}

function expectCertificates(folder: string, count: number): void {
  const found = readdirSync(folder).filter((name) => name.endsWith('.crt')).length;
  if (found !== count) throw new Error(`${folder}: ${found} certificates, not ${count}`);
}
