import { diagnostic, type Code, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Case } from './case.ts';
import type { CheckId } from './ids.ts';

/** `idle`: a fact that is neither good nor bad. */
export type Verdict = 'good' | 'doubt' | 'bad' | 'idle';

/** What was found. The text of `told` is the reason, its hint the fix. */
export interface Finding {
  readonly verdict: Verdict;
  readonly told: Diagnostic;
}

/** One thing to look at. */
export interface Check {
  /** The left column of the screen: a word or two. */
  readonly title: string;
  /** What is looked at, and what to do where it fails; for docs/doctor.md. */
  readonly about: string;
  readonly cure: string;
  /** What has to be well before this one says anything. */
  readonly after: readonly CheckId[];
  /** Findings in the order of the screen; none where there is nothing to look at. Reads only. */
  readonly look: (patient: Case) => Promise<readonly Finding[]> | readonly Finding[];
}

type Say = <C extends Code>(code: C, args: Parameters<typeof diagnostic<C>>[1]) => Finding;

const saying =
  (verdict: Verdict): Say =>
  (code, args) => ({ verdict, told: diagnostic(code, args) });

export const good = saying('good');
export const doubt = saying('doubt');
export const bad = saying('bad');
export const idle = saying('idle');

const ORDER: readonly Verdict[] = ['idle', 'good', 'doubt', 'bad'];

/** That of a whole check: its worst. */
export function worst(findings: readonly Finding[]): Verdict {
  return ORDER[Math.max(0, ...findings.map(({ verdict }) => ORDER.indexOf(verdict)))] ?? 'idle';
}
