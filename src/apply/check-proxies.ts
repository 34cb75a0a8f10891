import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dirname } from 'node:path';
import { diagnostic, fail, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Desired, DesiredProxy, ProxyCheck } from '../desired/types.ts';
import { findProgram } from '../inventory/program.ts';
import type { World } from '../kernel/ports.ts';
import type { Plan } from '../plan/types.ts';
import { clearFolder } from './clear-folder.ts';
import { refusalText } from './refusal-text.ts';
import type { Unit } from './types.ts';

const LIMIT = 4 * 1024 * 1024;
const TIMEOUT = 20_000;

type Read = (path: string) => Buffer | undefined;

/**
 * Lets the servers themselves judge what is about to be written, with copies of the pairs as they will be. Nothing is in
 * its place yet: a refusal ends the apply and leaves everything as it was. Gives what could not be judged.
 */
export async function checkProxies(
  world: World,
  { proxies }: Desired,
  plan: Plan,
  units: readonly Unit[],
  signal: AbortSignal | undefined,
): Promise<Diagnostic[]> {
  const changing = new Set(plan.proxies.filter(({ changes }) => changes).map(({ id }) => id));
  const fresh = new Map(units.flatMap(({ writes }) => writes.map(({ path, bytes }) => [path, bytes] as const)));
  const read: Read = (path) => fresh.get(path) ?? world.files.read(path, LIMIT);
  const notes: Diagnostic[] = [];
  for (const proxy of proxies) {
    if (!proxy.check || !changing.has(proxy.id)) continue;
    notes.push(...(await check(world, proxy, proxy.check, read, signal)));
  }
  return notes;
}

async function check(
  world: World,
  { name }: DesiredProxy,
  wanted: ProxyCheck,
  read: Read,
  signal: AbortSignal | undefined,
): Promise<Diagnostic[]> {
  const { folder, programs, args, texts } = wanted;
  clearFolder(world, folder);
  for (const pair of wanted.pairs) pairFits(name, pair, read);
  const copies = wanted.copies.map(({ from, to }) => ({ to, bytes: read(from) }));
  // What is missing waits for something that is blocked; the plan says so.
  if (copies.some(({ bytes }) => bytes === undefined)) return [];
  const program = findProgram(programs, world);
  if (program === undefined) return [];
  const made = [
    ...copies.map(({ to, bytes }) => ({ to, bytes: bytes ?? Buffer.alloc(0) })),
    ...texts.map(({ path, text }) => ({ to: path, bytes: Buffer.from(text) })),
  ];
  for (const { to } of made) world.disk.makeFolder(dirname(to), 0o700);
  try {
    for (const { to, bytes } of made) await world.disk.createFile(to, { bytes, mode: 0o600, gid: undefined }, false);
    const ended = await world.exec.run([program, ...args], {
      cwd: folder,
      timeout: TIMEOUT,
      env: { HOME: folder, LC_ALL: 'C' },
      ...(signal && { signal }),
    });
    if (ended.code === 0) return [];
    const lines = `${ended.stdout.toString('utf8')}\n${ended.stderr.toString('utf8')}`;
    const said = ended.code === null ? `no answer within ${TIMEOUT / 1000} s` : refusalText(lines, folder);
    return fail('proxy-refused', { name, program, said });
  } catch (error) {
    // Not what the check says: the program could not be started at all.
    if (signal?.aborted || !isOfStart(error, program)) throw error;
    return [diagnostic('proxy-check-not-run', { name, program, why: error.code })];
  } finally {
    clearFolder(world, folder);
  }
}

function isOfStart(error: unknown, program: string): error is Error & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && error.syscall === `spawn ${program}` && 'code' in error;
}

/** Apache's check finds any pair good: every pair is looked at here. What is not there yet is the plan's to tell. */
function pairFits(name: string, { key, chain }: ProxyCheck['pairs'][number], read: Read): void {
  const privateKey = parsed(name, key, read, createPrivateKey);
  const certificate = parsed(name, chain, read, (bytes) => new X509Certificate(bytes));
  if (privateKey && certificate && !certificate.checkPrivateKey(privateKey)) {
    fail('proxy-pair-mismatch', { name, path: key });
  }
}

function parsed<T>(name: string, path: string, read: Read, parse: (bytes: Buffer) => T): T | undefined {
  const bytes = read(path);
  if (bytes === undefined) return undefined;
  try {
    return parse(bytes);
  } catch {
    // What OpenSSL says of it tells nobody which file it is.
    return fail('proxy-pair-unreadable', { name, path });
  }
}
