import { join } from 'node:path';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Files } from '../kernel/ports.ts';
import type { Hook, HookChange, OwedHook, PlannedHook } from '../kernel/hook.ts';

const FORMAT = 1;
const LIMIT = 16 * 1024 * 1024;

/** Where the hooks of a project lie that have yet to run. */
export function owedPath(stateFolder: string): string {
  return join(stateFolder, 'hooks.json');
}

/** One that cannot be read is as good as none; one of a newer format stops the run. */
export function readOwed(files: Files, stateFolder: string): readonly OwedHook[] {
  const bytes = files.read(owedPath(stateFolder), LIMIT);
  if (!bytes) return [];
  let data: { readonly formatVersion?: unknown; readonly owed?: unknown };
  try {
    data = (JSON.parse(bytes.toString('utf8')) ?? {}) as typeof data;
  } catch {
    return [];
  }
  const { formatVersion, owed } = data;
  if (typeof formatVersion === 'number' && formatVersion > FORMAT) {
    fail('manifest-newer', { version: formatVersion }, { file: owedPath(stateFolder) });
  }
  return Array.isArray(owed) ? owed.filter(isOwed) : [];
}

function areTexts(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}

function isOwed(value: unknown): value is OwedHook {
  const { key, config, changes } = (value ?? {}) as Record<keyof OwedHook, unknown>;
  return areTexts(key, config) && Array.isArray(changes) && changes.every(isChange);
}

function isChange(value: unknown): value is HookChange {
  const { kind, artifact, owner, path } = (value ?? {}) as Record<keyof HookChange, unknown>;
  return areTexts(kind, artifact, owner, path);
}

export function encodeOwed(owed: readonly OwedHook[]): Buffer {
  return Buffer.from(`${JSON.stringify({ formatVersion: FORMAT, owed }, null, 1)}\n`);
}

/** What is owed once these changes are made: each hook once, for all that it covers; what nothing declares any more is not. */
export function owedAfter(
  before: readonly OwedHook[],
  hooks: readonly Hook[],
  config: string,
  changes: readonly HookChange[],
): OwedHook[] {
  const others = before.filter((owed) => owed.config !== config);
  const own = hooks.flatMap((hook): OwedHook[] => {
    const known = before.find((owed) => owed.config === config && owed.key === hook.key)?.changes ?? [];
    const covered = changes.filter((change) => covers(hook, change));
    const all = new Map([...known, ...covered].map((change) => [change.path, change]));
    return all.size > 0 ? [{ key: hook.key, config, changes: [...all.values()] }] : [];
  });
  return [...others, ...own];
}

function covers({ on }: Hook, { owner, path }: HookChange): boolean {
  if (on === 'any') return true;
  return 'owner' in on ? on.owner === owner : on.paths.includes(path);
}

/** The hooks that a plan would run, in the order of the configuration. */
export function plannedHooks(
  before: readonly OwedHook[],
  hooks: readonly Hook[],
  config: string,
  changes: readonly HookChange[],
): PlannedHook[] {
  const owed = owedAfter(before, hooks, config, changes);
  const isOwn = (hook: Hook) => (entry: OwedHook) => entry.config === config && entry.key === hook.key;
  return hooks
    .filter((hook) => owed.some(isOwn(hook)))
    .map((hook) => ({ label: labelOf(hook), owed: before.some(isOwn(hook)) }));
}

/** What a hook does, in few words. */
export function labelOf({ does }: Hook): string {
  switch (does.kind) {
    case 'command':
      return does.argv.join(' ');
    case 'signal':
      return `${does.signal} to ${does.pidFile}`;
    case 'request':
      return `${does.method} ${does.url}`;
    case 'rewrite':
      return `${does.file} written anew`;
  }
}
