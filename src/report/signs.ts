import type { Verb } from './change.ts';
import type { Role } from './view.ts';

interface Sign {
  readonly role: Role;
  readonly unicode: string;
  readonly ascii: string;
}

const SIGNS = {
  create: { role: 'create', unicode: '+', ascii: '+' },
  renew: { role: 'change', unicode: '~', ascii: '~' },
  replace: { role: 'change', unicode: '~', ascii: '~' },
  repair: { role: 'repair', unicode: '±', ascii: '*' },
  remove: { role: 'remove', unicode: '-', ascii: '-' },
  blocked: { role: 'blocked', unicode: '!', ascii: '!' },
  done: { role: 'good', unicode: '✔', ascii: 'ok' },
  failed: { role: 'bad', unicode: '✘', ascii: 'x' },
  skipped: { role: 'dim', unicode: '·', ascii: '.' },
} as const satisfies Record<Verb | Result, Sign>;

type Result = 'done' | 'failed' | 'skipped';

/** The sign carries the meaning; its colour only repeats it. */
export function signOf(what: Verb | Result, unicode: boolean): { readonly sign: string; readonly role: Role } {
  const { role, ...signs } = SIGNS[what];
  return { role, sign: unicode ? signs.unicode : signs.ascii };
}
