import { join } from 'node:path';
import { expect } from 'vitest';
import { bin } from './built.ts';
import { callCli } from './call-cli.ts';
import { hostPair, leftovers, mismatches, unverified, type DiskSet } from './on-disk.ts';
import type { ScratchProject } from './project.ts';
import { environment, run, type Ran } from './transcript.ts';

/** What the tests of a hostile machine share: a small set of P-256, the built command, and what it must be like after. */

const CA = { name: 'Test Root', key: 'ecdsa-p256', output: { key: 'certs/root.key', cert: 'certs/root.crt' } };
export const named = (...hosts: string[]) => ({ ca: CA, defaults: { key: 'ecdsa-p256' }, hosts });
export const HOSTS = ['app.test', 'api.test'];
export const SMALL = named(...HOSTS);

export type Variables = Readonly<Record<string, string>>;

/** Runs the built command; `before` is what runs it: faketime(1) or setpriv(1) with its arguments. */
export function rcssl(
  { folder }: Pick<ScratchProject, 'folder'>,
  args: readonly string[],
  { env = {}, before = [] }: { readonly env?: Variables; readonly before?: readonly string[] } = {},
): Promise<Ran> {
  const options = { cwd: folder, env: { ...environment(folder), ...env }, timeout: 120_000 };
  return run([...before, process.execPath, bin, ...args], options);
}

/** Runs a script of bash in which `$RCSSL` is the built command. */
export function shell({ folder }: ScratchProject, script: string): Promise<Ran> {
  const env = { ...environment(folder), RCSSL: `${process.execPath} ${bin}` };
  return run(['bash', '-c', script], { cwd: folder, env });
}

export function setOf({ folder }: ScratchProject, hosts: readonly string[] = HOSTS): DiskSet {
  const root = { key: join(folder, CA.output.key), certs: [join(folder, CA.output.cert)] };
  return { base: join(folder, '..'), root, hosts: hosts.map((name) => hostPair(folder, name)) };
}

/** One set, whole, with nothing beside it. */
export async function expectWhole(project: ScratchProject, hosts?: readonly string[]): Promise<void> {
  const set = setOf(project, hosts);
  expect([...mismatches(set), ...unverified(set), ...leftovers(set)]).toEqual([]);
  expect(await callCli(project, ['check'])).toMatchObject({ code: 0 });
}

/** A coded diagnostic and no stack; what it says of the fault is told. */
export function expectRefused({ code, stderr }: Ran, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/^error: /m);
  expect(stderr).not.toMatch(/^ +at |this is a bug/m);
  expect(code).toBe(1);
}

/** What differs, the configuration and caches apart. */
export const essential = (names: readonly string[]): string[] => names.filter((name) => !/config|cache/.test(name));
