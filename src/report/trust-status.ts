import type { ShownRoot, TrustState, TrustStatusResult } from '../engine/trust/types.ts';
import { nextLines, screen } from './plan.ts';
import { rowLines, type Row } from './rows.ts';
import { signOf } from './signs.ts';
import { nearDayText } from './time.ts';
import { faultWords, shownPlace, skipText } from './trust-words.ts';
import type { View } from './view.ts';
import { fullFingerprint, shortFingerprint } from './words.ts';

/** The screen of `rcssl trust --status`: a block a root. */
export function trustStatusText(result: TrustStatusResult, view: View): string {
  const { roots, states } = result;
  if (roots.length === 0) return screen([['rcssl has put no root anywhere on this computer']]);
  const blocks = roots.map((root) => blockOf(root, states, result, view));
  const isMissing = states.some(({ state, root }) => state === 'untrusted' && isLive(root, roots));
  return screen([...blocks, nextLines(isMissing ? [`${view.command} trust${view.project}`] : [])]);
}

function isLive(fingerprint: string, roots: readonly ShownRoot[]): boolean {
  return roots.some((root) => root.fingerprint === fingerprint && root.state === 'live');
}

function blockOf(root: ShownRoot, states: readonly TrustState[], result: TrustStatusResult, view: View): string[] {
  const hash = view.verbose ? fullFingerprint(root.fingerprint) : shortFingerprint(root.fingerprint, view.unicode);
  const heading = `${root.name}  ${view.paint(root.state === 'live' ? 'good' : 'dim', root.state)}  SHA-256 ${hash}`;
  const own = states.filter((state) => state.root === root.fingerprint);
  // Of a former one it is no news where it is not.
  const shown =
    root.state === 'live' ? own : own.filter(({ state, since }) => state === 'trusted' || since !== undefined);
  if (shown.length === 0) return [heading, '  in no store of this computer'];
  return [
    heading,
    ...rowLines(
      shown.map((state) => rowOf(state, root, result, view)),
      view,
    ),
  ];
}

function rowOf(state: TrustState, root: ShownRoot, { now, home }: TrustStatusResult, view: View): Row {
  const sign = { trusted: 'done', untrusted: 'skipped', unknown: 'failed', absent: 'skipped' } as const;
  const place = state.at === undefined ? '' : shownPlace(state.at, home);
  const words = [place, wordsOf(state, root), ...(state.since === undefined ? [] : [sinceText(state, now, home)])];
  const detail = words.filter((text) => text !== '').join(', ');
  return { ...signOf(sign[state.state], view.unicode), name: state.title, detail };
}

function wordsOf({ state, skip, fault }: TrustState, root: ShownRoot): string {
  if (skip) return skipText(skip);
  if (fault) return faultWords(fault).why;
  if (state === 'untrusted') return 'does not trust it';
  return root.state === 'live' ? 'trusts it' : 'trusted here, no longer current';
}

function sinceText({ since = 0, project = '' }: TrustState, now: number, home: string): string {
  return `since ${nearDayText(since, now)} for ${shownPlace(project, home)}`;
}
