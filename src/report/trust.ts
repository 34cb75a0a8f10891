import type { ShownRoot, TrustLine, TrustOutcome, TrustPlan, TrustResult } from '../engine/trust/types.ts';
import { nextLines, screen } from './plan.ts';
import { rowLines, wrapWords, type Row } from './rows.ts';
import { signOf } from './signs.ts';
import { failureOf, needsText, shownPlace, skipText } from './trust-words.ts';
import type { View } from './view.ts';
import { count, listed, shellWord, shortFingerprint } from './words.ts';

/** What is about to be done, above the question. */
export function trustPlanText(plan: TrustPlan, view: View): string {
  return screen([rootLines(plan, view), trustPlanLines(plan, view), [summaryOf(plan.lines)]]);
}

/** What a plan has to say of trust stores, below it; empty where it is nothing. */
export function pendingTrustText({ trust }: { readonly trust?: TrustPlan }, view: View): string {
  if (!trust) return '';
  const rows = trust.lines.map((line) => rowOf(line, trust, view));
  const isDeclared = trust.lines.some(({ change }) => change === 'add');
  const heading = isDeclared ? 'trust stores, by apply --trust:' : 'trusted here, no longer current:';
  return `\n${screen([[heading, ...rowLines(rows, view)], nextLines([`${view.command} apply${view.project} --trust`])])}`;
}

/** Each line with its commands. */
export function trustPlanLines(plan: TrustPlan, view: View): string[] {
  return plan.lines.flatMap((line) => planned(line, plan, view));
}

function planned(line: TrustLine, plan: TrustPlan, view: View): string[] {
  const row = rowOf(line, plan, view);
  const commands = line.commands.map(({ argv }) => `      ${view.paint('dim', argv.map(shellWord).join(' '))}`);
  return [...rowLines([row], view), ...commands];
}

const PLANNED = {
  add: 'create',
  remove: 'remove',
  keep: 'done',
  forget: 'remove',
  skip: 'skipped',
  fault: 'failed',
} as const;

function rowOf(line: TrustLine, { roots, home }: TrustPlan, { unicode }: Pick<View, 'unicode'>): Row {
  const place = line.at === undefined ? '' : shownPlace(line.at, home);
  const detail = [place, stateText(line), formerText(line, roots, unicode)].filter((text) => text !== '').join(', ');
  return { ...signOf(PLANNED[line.change], unicode), name: line.title, detail };
}

function stateText(line: TrustLine): string {
  if (line.skip) return skipText(line.skip);
  if (line.change === 'keep') return 'trusts it already';
  if (line.change === 'forget') return 'has it no longer';
  if (line.change === 'fault') return line.fault?.output.split('\n').at(-1) ?? '';
  return line.fed ? 'by the system store' : needsText(line);
}

/** Trusted here, no longer current: another one signs now. */
function formerText({ root, change }: TrustLine, roots: readonly ShownRoot[], unicode: boolean): string {
  const former = roots.find(({ fingerprint, state }) => fingerprint === root && state === 'former');
  if (!former || roots.every(({ state }) => state === 'former')) return '';
  return `former root ${shortFingerprint(root, unicode)}${change === 'remove' ? ', no longer current' : ''}`;
}

function rootLines({ roots }: Pick<TrustPlan, 'roots'>, { unicode }: Pick<View, 'unicode'>): string[] {
  const live = roots.filter(({ state }) => state === 'live');
  return (live.length > 0 ? live : roots).map(
    ({ name, fingerprint }) => `${name}  SHA-256 ${shortFingerprint(fingerprint, unicode)}`,
  );
}

/** `stores: 2 to trust it, 1 to take one out of, 3 left out`. */
function summaryOf(lines: readonly TrustLine[]): string {
  const words = [
    ['add', 'to trust it'],
    ['remove', 'to take one out of'],
    ['keep', 'trusting it already'],
    ['skip', 'left out'],
    ['fault', 'that cannot be asked'],
  ] as const;
  const parts = words.flatMap(([change, text]) => {
    const n = lines.filter((line) => line.change === change).length;
    return n > 0 ? [`${n} ${text}`] : [];
  });
  return parts.length > 0 ? `stores: ${parts.join(', ')}` : 'no store has it';
}

/** `Trust "Development Root" (3F:A1:…:9C) in 3 stores?` */
export function trustQuestion({ lines, roots }: TrustPlan, unicode: boolean): string {
  const isAdded = lines.some(({ change }) => change === 'add');
  const changed = lines.filter(({ change }) => change === (isAdded ? 'add' : 'remove') || change === 'forget');
  const meant = roots.filter(({ fingerprint }) => changed.some(({ root }) => root === fingerprint));
  const names = meant.map(({ name, fingerprint }) => `"${name}" (${shortFingerprint(fingerprint, unicode)})`);
  return `${isAdded ? 'Trust' : 'Take out'} ${listed(names)} in ${count(changed.length, 'store')}?`;
}

/** What became of it. */
export function trustText(result: TrustResult, view: View): string {
  const { outcomes } = result;
  const rows = trustRows(result, view);
  if (rows.length === 0) return screen([['nothing to do: no store has it']]);
  const isSettled = outcomes.every(({ result: of }) => of === 'already' || of === 'skipped');
  const sentences = isSettled ? [] : restartSentence(outcomes);
  return screen([rowLines(rows, view), wrapWords(sentences.join(' '), view.width), nextLines(trustNext(result, view))]);
}

export function trustRows(result: TrustResult, view: View): Row[] {
  return result.outcomes.map((outcome) => outcomeRow(outcome, result, view));
}

function outcomeRow(outcome: TrustOutcome, result: TrustResult, view: View): Row {
  const sign = { done: 'done', already: 'done', skipped: 'skipped', failed: 'failed' } as const;
  const row = rowOf(outcome, result, view);
  const place = outcome.at === undefined ? '' : shownPlace(outcome.at, result.home);
  const said = failureOf(outcome)?.why ?? doneText(outcome);
  const detail = [place, said, formerText(outcome, result.roots, view.unicode)]
    .filter((text) => text !== '')
    .join(', ');
  return { ...row, ...signOf(sign[outcome.result], view.unicode), detail };
}

function doneText(outcome: TrustOutcome): string {
  if (outcome.skip) return skipText(outcome.skip);
  if (outcome.result === 'already') return 'trusts it already';
  if (outcome.change === 'forget') return 'has it no longer';
  return outcome.change === 'add' ? 'trusts it now' : 'no longer trusts it';
}

/** A running browser does not look into its database again (tried with Chromium 156). */
function restartSentence(outcomes: readonly TrustOutcome[]): string[] {
  const isBrowser = ({ store, result }: TrustOutcome) => /^(?:chromium|firefox)/.test(store) && result === 'done';
  return outcomes.some(isBrowser) ? ['Browsers that are running see it once they are started again.'] : [];
}

export function trustNext({ complete, outcomes, root }: TrustResult, { command, project }: View): string[] {
  if (!complete) return [`${command} trust --status${root === '' ? '' : project}`];
  const isAdded = outcomes.some(({ change }) => change === 'add');
  return isAdded ? [`${command} untrust${project}`] : [];
}
