import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { PlanResult } from '../engine/types.ts';
import type { Reason } from '../plan/types.ts';
import { reasonText } from './reason.ts';
import { shellWord } from './words.ts';
import { pathFrom } from '../kernel/path.ts';

/** The way out, by what is in the way. */
const FIXES = {
  'not-ours': 'adopt',
  'not-a-file': 'move',
  encryption: 'passphrase',
  outside: 'outside',
} as Partial<Record<Reason['code'], 'adopt' | 'move' | 'passphrase' | 'outside'>>;

/** What rcssl would not touch, as errors with the way out: an apply that leaves something undone has failed. */
export function blockedDiagnostics({ actions, root, now }: Pick<PlanResult, 'actions' | 'root' | 'now'>): Diagnostic[] {
  const shown = (path: string): string => pathFrom(root, path);
  const folders = new Set<string>();
  const waiting = new Set<string>();
  return actions.flatMap((action) => {
    if (action.kind !== 'blocked') return [];
    const [reason] = action.reasons;
    if (reason.code === 'unswitchable') {
      // One folder is in the way of all that lies in it.
      if (folders.has(reason.folder)) return [];
      folders.add(reason.folder);
    }
    const { path: file, owner } = action.target;
    const path = shown(file);
    const why = reasonText(reason, { path, now, shown, blocked: true });
    if (reason.code === 'waits') {
      // What waits for another is told by that one, if it is in the plan; of several files one is enough.
      const told = actions.some((one) => one !== action && one.kind === 'blocked' && one.target.owner === reason.on);
      if (told || waiting.has(owner)) return [];
      waiting.add(owner);
      return [diagnostic('apply-blocked', { path: shellWord(path), why: `${path}: ${why}`, fix: 'all' })];
    }
    if (reason.code === 'unswitchable') {
      return [diagnostic('apply-unswitchable', { folder: shown(reason.folder), what: reason.what, why })];
    }
    return [diagnostic('apply-blocked', { path: shellWord(path), why, fix: FIXES[reason.code] })];
  });
}
