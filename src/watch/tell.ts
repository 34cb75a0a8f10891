import { diagnostic, RcsslError, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ApplyResult } from '../engine/types.ts';
import type { Duration } from '../kernel/duration.ts';
import type { WatchEvent, WatchStatus } from './events.ts';
import type { Causes } from './machine.ts';
import type { Runner } from './run.ts';

type Untimed<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Tells events, and none twice that says the same. */
export interface Teller {
  tell(event: Untimed<WatchEvent>): void;
  watching(followed: ReturnType<Runner['followed']>): void;
  applied(causes: Causes, result: ApplyResult): void;
  /** `retryIn`: milliseconds until it is tried again. */
  failed(causes: Causes, error: unknown, retryIn: Duration): void;
  /** Files cannot be followed as they should. */
  trouble(why: string): void;
  /** Something else writes these as soon as they are put right. */
  contested(paths: readonly string[]): void;
}

export function teller(push: (event: WatchEvent) => void, now: () => number): Teller {
  const last = { watching: '', status: '', failure: '', blocked: '[]', troubles: new Set<string>() };
  let status: WatchStatus = { complete: false, failed: false, hosts: 0, blocked: 0, nextChange: undefined };

  const tell = (event: Untimed<WatchEvent>): void => push({ ...event, at: now() } as WatchEvent);
  const stand = (now: WatchStatus): void => {
    status = now;
    const text = JSON.stringify(now);
    if (text !== last.status) tell({ type: 'status', ...now });
    last.status = text;
  };

  const once = (what: string, found: Diagnostic): void => {
    if (!last.troubles.has(what)) tell({ type: 'notice', diagnostics: [found] });
    last.troubles.add(what);
  };

  return {
    tell,
    watching({ config, sources, artifacts }) {
      const text = JSON.stringify([config, [...sources].sort(), artifacts]);
      if (text !== last.watching) tell({ type: 'watching', config, sources, artifacts });
      last.watching = text;
    },
    applied(causes, result) {
      const asked = causes.some(({ code }) => code === 'asked');
      const blocked = JSON.stringify(result.actions.flatMap((action) => (action.kind === 'blocked' ? action : [])));
      const mended = last.failure !== '' && result.ran.every(({ ok }) => ok);
      const isNews = result.done.length > 0 || asked || mended || blocked !== last.blocked;
      if (isNews) tell({ type: 'applied', causes, result });
      const owes = result.ran.some(({ ok }) => !ok);
      // A hook that fails again is told as such.
      if (!owes) last.failure = '';
      last.blocked = blocked;
      if (!owes) stand(statusOf(result));
    },
    failed(causes, error, retryIn) {
      const diagnostics = diagnosticsOf(error);
      const text = JSON.stringify(diagnostics);
      tell({ type: 'failed', causes, diagnostics, retryAt: now() + retryIn, repeated: text === last.failure });
      last.failure = text;
      stand({ ...status, complete: false, failed: true });
    },
    trouble: (why) => once(why, diagnostic('watch-trouble', { why })),
    contested(paths) {
      for (const path of paths) once(path, diagnostic('watch-contested', {}, { file: path }));
      stand({ ...status, complete: false });
    },
  };
}

function statusOf({ complete, plan, actions, nextChange }: ApplyResult): WatchStatus {
  const blocked = actions.filter(({ kind }) => kind === 'blocked').length;
  return { complete, failed: false, hosts: plan.hosts.length, blocked, nextChange };
}

/** Whatever goes wrong in a run is no reason to end. */
export function diagnosticsOf(error: unknown): readonly Diagnostic[] {
  if (error instanceof RcsslError) return error.diagnostics;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ERR_MODULE_NOT_FOUND') return [diagnostic('watch-own-files', {})];
  const message = error instanceof Error ? error.message : String(error);
  return [diagnostic('cli-unexpected', { message: message.split('\n')[0] ?? '' })];
}
