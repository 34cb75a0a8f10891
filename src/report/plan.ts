import type { PlanResult } from '../engine/types.ts';
import type { Plan, Removal } from '../plan/types.ts';
import { changesOf, type Change, type Verb } from './change.ts';
import { nextCommands } from './next.ts';
import { rootSentences } from './root.ts';
import { rowLines, wrapWords, type Row } from './rows.ts';
import { signOf } from './signs.ts';
import { diffLines } from './text-diff.ts';
import { whenText } from './time.ts';
import type { View } from './view.ts';
import { count } from './words.ts';
import { pathFrom } from '../kernel/path.ts';

/** Lists longer than this are summarised, unless everything was asked for. */
export const LONG = 20;

/** The screen of `rcssl plan`; `next` is what to type then. */
export function planText(result: PlanResult, view: View, next = nextCommands(result, view)): string {
  const { plan } = result;
  const changes = changesOf(plan, result);
  const hooks = hookLines(result, view);
  if (changes.length === 0 && hooks.length > 0) return screen([hooks, nextLines(next)]);
  if (changes.length === 0 && !result.complete) {
    const text = 'nothing else to do than to finish or undo the apply that was interrupted';
    return screen([wrapWords(text, view.width), nextLines(next)]);
  }
  if (changes.length === 0) {
    return screen([[nothingText(result, plan.nextChange)], leftoverBlock(plan.removals, result, view)]);
  }
  return screen([
    changeLines(result, view),
    hooks,
    diffLines(result, view),
    wrapWords(rootSentences(result).join(' '), view.width),
    [pendingText(changes)],
    plan.prune ? [] : leftoverBlock(plan.removals, result, view),
    nextLines(next),
  ]);
}

/** What runs once the files are in place, and what an earlier apply owes. */
export function hookLines({ hooks }: Pick<PlanResult, 'hooks'>, { width }: Pick<View, 'width'>): string[] {
  const lines = hooks.flatMap(({ label, owed }) =>
    wrapWords(`${label}${owed ? ' (owed: it failed before)' : ''}`, width - 8),
  );
  return lines.map((line, index) => `  ${index === 0 ? 'then: ' : '      '}${line}`);
}

/** Blocks of lines with an empty one between them. */
export function screen(blocks: readonly (readonly string[])[]): string {
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

/** What changes, a line each, and a count of what stays. */
export function changeLines(result: PlanResult, view: View): string[] {
  const changes = changesOf(result.plan, result);
  const following = changes.filter(({ follows }) => follows);
  const own = changes.filter(({ follows }) => !follows);
  const shown = view.verbose || own.length <= LONG ? own : own.slice(0, LONG);
  const rows = shown.map((change) => rowOf(change, view));
  const anew: Row = { sign: ' ', role: 'dim', name: count(following.length, 'host'), detail: 'issued anew under it' };
  // The root is the first line, and what follows from it stands below.
  const at = shown[0]?.owner.startsWith('ca:') ? 1 : 0;
  if (following.length > 0) rows.splice(at, 0, anew);
  const more = own.length - shown.length;
  const kept =
    result.plan.hosts.length -
    changes.filter(({ owner, verb }) => owner.startsWith('host:') && verb !== 'remove').length;
  return [
    ...rowLines(rows, view),
    ...(more > 0 ? [`  ${count(more, 'more change')}; --verbose shows all`] : []),
    ...(kept > 0 ? [`  ${count(kept, 'host')} unchanged`] : []),
  ];
}

function rowOf({ verb, name, details }: Change, { unicode }: View): Row {
  return { ...signOf(verb, unicode), name, detail: details.join('; ') };
}

const PENDING = { create: 'create', renew: 'renew', replace: 'replace', repair: 'repair', remove: 'remove' } as const;
const DONE = {
  create: 'created',
  renew: 'renewed',
  replace: 'replaced',
  repair: 'repaired',
  remove: 'removed',
} as const;
const VERBS = Object.keys(PENDING) as (keyof typeof PENDING)[];

function counted(changes: readonly Change[], words: (verb: Exclude<Verb, 'blocked'>, n: number) => string): string {
  const number = (verb: Verb): number => changes.filter((change) => change.verb === verb).length;
  const parts = VERBS.filter((verb) => number(verb) > 0).map((verb) => words(verb, number(verb)));
  return [...parts, ...(number('blocked') > 0 ? [`${number('blocked')} blocked`] : [])].join(', ');
}

/** `2 to renew, 1 to repair, 1 blocked`. */
function pendingText(changes: readonly Change[]): string {
  return counted(changes, (verb, n) => `${n} to ${PENDING[verb]}`);
}

/** `2 renewed, 1 repaired`. */
export function doneText(changes: readonly Change[]): string {
  return counted(changes, (verb, n) => `${n} ${DONE[verb]}`);
}

/** `nothing to do: 2 certificates, next renewal 24 Oct 2027 (in 335 days)`. */
export function nothingText(
  { plan, now }: { readonly plan: Plan; readonly now: number },
  nextChange: Plan['nextChange'],
): string {
  const certificates = count(plan.hosts.length + 1, 'certificate');
  if (!nextChange) return `nothing to do: ${certificates}`;
  const [day, distance] = whenText(nextChange.at, now).split(', ');
  return `nothing to do: ${certificates}, next renewal ${day} (${distance})`;
}

/** Files that nothing declares any more, told calmly: they stay until somebody says --prune. */
export function leftoverBlock(removals: readonly Removal[], { root }: Pick<PlanResult, 'root'>, view: View): string[] {
  if (removals.length === 0) return [];
  const shown = view.verbose ? removals : removals.slice(0, 5);
  const paths = shown.map(({ path }) => pathFrom(root, path)).join(', ');
  const more = removals.length - shown.length;
  const are = removals.length === 1 ? 'is' : 'are';
  const text = `${count(removals.length, 'file')} of rcssl ${are} no longer declared: ${paths}${more > 0 ? ` and ${more} more` : ''}`;
  return [
    ...wrapWords(text, view.width),
    `${view.command} apply --prune${view.project} removes ${removals.length === 1 ? 'it' : 'them'}`,
  ];
}

/** `next:` and what to type, a line each. */
export function nextLines(commands: readonly string[]): string[] {
  return commands.map((line, index) => `${index === 0 ? 'next: ' : '      '}${line}`);
}
