import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Draft } from '../draft.ts';
import { writtenHooks } from '../hooks.ts';
import type { UserHook } from '../user-config.ts';

/** Which keys belong together. */
const KINDS: readonly (readonly [needed: readonly (keyof UserHook)[], more: readonly (keyof UserHook)[]])[] = [
  [['command'], ['shell']],
  [['signal', 'pidFile'], []],
  [['url'], ['method']],
];

/** A hook is one thing: a command, a signal or a call. */
export function hooksAreOneThing({ user, hosts, outputs }: Draft): Diagnostic[] {
  return writtenHooks(user, hosts, outputs).flatMap(({ path, user: hook }) => {
    const keys = (Object.keys(hook) as (keyof UserHook)[]).filter(
      (key) => hook[key] !== undefined && key !== 'timeout',
    );
    const isOne = KINDS.some(
      ([needed, more]) =>
        needed.every((key) => keys.includes(key)) && keys.every((key) => needed.includes(key) || more.includes(key)),
    );
    return isOne ? [] : [diagnostic('config-hook-kind', {}, { path })];
  });
}
