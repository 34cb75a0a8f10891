import { resolve } from 'node:path';
import { MINUTE, parseDuration } from '../kernel/duration.ts';
import type { Hook, HookAct } from '../kernel/hook.ts';
import type { HostDraft, OutputDraft } from './draft.ts';
import type { UserConfig, UserHook } from './user-config.ts';

const TIMEOUT = MINUTE / 2;

/** A hook as it is written, with its place in the configuration. */
export interface WrittenHook {
  readonly path: string;
  readonly on: Hook['on'];
  readonly key: string;
  readonly user: UserHook;
}

/** Every hook of a configuration: those of the whole, of the hosts, of single outputs. */
export function writtenHooks(
  user: Pick<UserConfig, 'onChange'>,
  hosts: readonly HostDraft[],
  outputs: readonly OutputDraft[],
): WrittenHook[] {
  return [
    ...each(user.onChange, 'onChange', 'any', 'any'),
    ...hosts.flatMap(({ path, user, config }) =>
      config ? each(user.onChange, `${path}.onChange`, { owner: config.id }, config.id) : [],
    ),
    ...outputs.flatMap(({ path, file, user, owner }) => {
      const artifact = path.split('.').at(-1) ?? '';
      const written = typeof user === 'object' ? user.onChange : undefined;
      return each(written, `${path}.onChange`, { paths: [file] }, `${owner} ${artifact}`);
    }),
  ];
}

function each(written: UserConfig['onChange'], path: string, on: Hook['on'], key: string): WrittenHook[] {
  if (written === undefined) return [];
  const list = Array.isArray(written) ? written : [written];
  return list.map((user, i) => ({
    path: Array.isArray(written) ? `${path}[${i}]` : path,
    on,
    key: `${key}#${i}`,
    user,
  }));
}

/** What they mean; those that mean nothing are the rules' part. */
export function normaliseHooks(written: readonly WrittenHook[], root: string): Hook[] {
  return written.flatMap(({ key, on, user }) => {
    const does = actOf(user, root);
    const timeout = user.timeout === undefined ? TIMEOUT : (parseDuration(user.timeout) ?? TIMEOUT);
    return does ? [{ key, on, does, timeout }] : [];
  });
}

function actOf({ command, shell, signal, pidFile, url, method }: UserHook, root: string): HookAct | undefined {
  if (command) return { kind: 'command', argv: command, shell: shell ?? false };
  if (signal && pidFile !== undefined) return { kind: 'signal', signal, pidFile: resolve(root, pidFile) };
  return url === undefined ? undefined : { kind: 'request', url, method: method ?? 'POST' };
}
