import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Desired, DesiredProxy, ProxyCheck } from '../desired/types.ts';
import { findProgram } from '../inventory/program.ts';
import type { World } from '../kernel/ports.ts';
import type { Plan } from '../plan/types.ts';
import type { Unit } from './types.ts';

const LIMIT = 4 * 1024 * 1024;
const TIMEOUT = 20_000;
/** Characters of what a program says. */
const SAID = 500;

/**
 * Lets the servers themselves judge what is about to be written, with copies of the pairs as they will be. Nothing is in
 * its place yet: a refusal ends the apply and leaves everything as it was.
 */
export async function checkProxies(
  world: World,
  { proxies }: Desired,
  plan: Plan,
  units: readonly Unit[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const changing = new Set(plan.proxies.filter(({ changes }) => changes).map(({ id }) => id));
  const fresh = new Map(units.flatMap(({ writes }) => writes.map(({ path, bytes }) => [path, bytes] as const)));
  for (const proxy of proxies) {
    if (!proxy.check || !changing.has(proxy.id)) continue;
    const read = (path: string): Buffer | undefined => fresh.get(path) ?? world.files.read(path, LIMIT);
    await check(world, proxy, proxy.check, read, signal);
  }
}

async function check(
  world: World,
  { name }: DesiredProxy,
  wanted: ProxyCheck,
  read: (path: string) => Buffer | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { folder, programs, args, file, text, more } = wanted;
  const copies = wanted.copies.map(({ from, to }) => ({ from, to, bytes: read(from) }));
  // What is missing waits for something that is blocked; the plan says so.
  if (copies.some(({ bytes }) => bytes === undefined)) return;
  pairsFit(name, copies);
  const program = findProgram(programs, world);
  if (program === undefined) return;
  const made = [
    ...copies.map(({ to, bytes }) => ({ to, bytes: bytes ?? Buffer.alloc(0) })),
    { to: file, bytes: Buffer.from(text) },
    ...more.map((beside) => ({ to: beside.path, bytes: Buffer.from(beside.text) })),
  ];
  clear(world, folder);
  world.disk.makeFolder(folder, 0o700);
  try {
    for (const { to, bytes } of made) await world.disk.createFile(to, { bytes, mode: 0o600, gid: undefined }, false);
    const ended = await world.exec.run([program, ...args], {
      cwd: folder,
      timeout: TIMEOUT,
      env: { HOME: folder, LC_ALL: 'C' },
      ...(signal && { signal }),
    });
    if (ended.code === 0) return;
    const lines = `${ended.stderr.toString('utf8')}\n${ended.stdout.toString('utf8')}`;
    const said = ended.code === null ? `no answer within ${TIMEOUT / 1000} s` : plainText(lines, folder);
    fail('proxy-refused', { name, program, said });
  } finally {
    clear(world, folder);
  }
}

/** Apache's check finds any pair good: every pair is looked at here. */
function pairsFit(name: string, copies: readonly { from: string; to: string; bytes: Buffer | undefined }[]): void {
  for (const { from, to, bytes } of copies) {
    if (!to.endsWith('.key') || !bytes) continue;
    const chain = copies.find((other) => other.to === `${to.slice(0, -'.key'.length)}.chain.pem`)?.bytes;
    if (chain && !new X509Certificate(chain).checkPrivateKey(createPrivateKey(bytes))) {
      fail('proxy-pair-mismatch', { name, path: from });
    }
  }
}

/** On one line, without what would drive a terminal. */
function plainText(said: string, folder: string): string {
  const text = said
    .replaceAll(`${folder}/`, '')
    .replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim();
  return text.length > SAID ? `${text.slice(0, SAID)}…` : text;
}

/** The folder and what a check left in it, at any depth. */
function clear(world: World, folder: string): void {
  const { files, disk } = world;
  if (files.entry(folder)?.kind !== 'folder') {
    if (files.entry(folder)) disk.remove(folder);
    return;
  }
  for (const name of files.list(folder)) {
    const path = join(folder, name);
    if (files.entry(path)?.kind === 'folder') clear(world, path);
    else disk.remove(path);
  }
  disk.removeFolder(folder);
}
