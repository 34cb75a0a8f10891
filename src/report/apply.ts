import type { ApplyResult } from '../engine/types.ts';
import { ownerName, type OwnerId } from '../kernel/ids.ts';
import type { Action, Removal } from '../plan/types.ts';
import { changesOf } from './change.ts';
import { leftCommands } from './next.ts';
import { doneText, leftoverBlock, LONG, nextLines, nothingText, screen } from './plan.ts';
import { powerSentence, rootSentences } from './root.ts';
import { NARROW, rowLines, wrapWords, type Row } from './rows.ts';
import { signOf } from './signs.ts';
import { tookText } from './time.ts';
import type { View } from './view.ts';
import { count, pathsTogether } from './words.ts';
import { pathFrom } from '../kernel/path.ts';

/** What `rcssl apply` says at its end; the list of changes was printed when the plan was made. */
export function applyText(result: ApplyResult, view: View): string {
  if (result.done.length === 0 && result.complete) {
    return screen([[nothingText(result, result.nextChange)], leftoverBlock(result.removals, result, view)]);
  }
  return screen([
    doneLines(result, view),
    ranLines(result, view),
    summaryLines(result, view),
    leftoverBlock(result.removals, result, view),
    nextLines([...trustLines(result, view), ...leftCommands(result, view)]),
  ]);
}

/** The hooks that ran; why one failed is told with the errors. */
function ranLines({ ran }: ApplyResult, view: View): string[] {
  return ran.flatMap(({ label, ok, why, output }) => {
    const row: Row = ok
      ? { ...signOf(why === undefined ? 'done' : 'skipped', view.unicode), name: label, detail: why ?? '' }
      : { ...signOf('blocked', view.unicode), name: label, detail: 'failed' };
    const said = view.verbose && ok && output.trim() !== '' ? output.trimEnd().split('\n') : [];
    return [...rowLines([row], view), ...said.map((line) => `      ${line}`)];
  });
}

/** A line an owner, with its files. */
function doneLines(result: ApplyResult, view: View): string[] {
  const owners = new Map<OwnerId, (Action | Removal)[]>();
  for (const action of result.done) {
    const owner = action.kind === 'remove' ? action.owner : action.target.owner;
    owners.set(owner, [...(owners.get(owner) ?? []), action]);
  }
  const rows = [...owners].map(([owner, actions]): Row => {
    // On a narrow terminal the paths go: what was done is said, and --verbose or status tells the rest.
    const detail = view.width < NARROW && !view.verbose ? '' : filesText(owner, actions, result);
    return { ...signOf('done', view.unicode), name: ownerName(owner), detail };
  });
  const shown = view.verbose ? rows : rows.slice(0, LONG);
  const more = rows.length - shown.length;
  return [...rowLines(shown, view), ...(more > 0 ? [`  and ${count(more, 'other')}; --verbose shows all`] : [])];
}

function filesText(owner: OwnerId, actions: readonly (Action | Removal)[], { plan, root }: ApplyResult): string {
  const isShared = owner === plan.ca.id && plan.ca.shared;
  const written = actions.flatMap((action) => (action.kind === 'remove' ? [] : [action.target]));
  // The folder of a shared root is nobody's to look for; its copy in the project is.
  const own = isShared ? written.filter(({ artifact }) => artifact === 'copy') : written;
  const removed = actions.flatMap((action) => (action.kind === 'remove' ? [pathFrom(root, action.path)] : []));
  return [
    isShared && own.length < written.length ? 'in your data folder, for all projects' : '',
    pathsTogether(own.map(({ path }) => pathFrom(root, path))),
    removed.length > 0 ? `removed ${pathsTogether(removed)}` : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function summaryLines(result: ApplyResult, view: View): string[] {
  const { plan, done, took } = result;
  const issuesRoot = done.some(
    (action) => action.kind !== 'remove' && action.target === plan.ca.certificate.target && action.kind !== 'rewrite',
  );
  const text = [
    done.length > 0 ? `${doneText(changesOf(plan, result))} in ${tookText(took)}.` : doneText(changesOf(plan, result)),
    ...(plan.ca.renewsRoot ? rootSentences(result) : []),
    ...(issuesRoot ? [powerSentence(plan)] : []),
  ];
  return wrapWords(text.filter((sentence) => sentence !== undefined).join(' '), view.width);
}

/** How devices come to trust the root, where it is another one than before; words that do not fit are left out. */
function trustLines({ plan, done }: ApplyResult, { width, command, project }: View): string[] {
  const { certificate } = plan.ca;
  const isNew = done.some((action) => action.kind !== 'remove' && action.target === certificate.target);
  if (!isNew || certificate.kind === 'rewrite') return [];
  const lines = [
    [`${command} trust${project}`, 'browsers and tools on this computer'],
    [`${command} enrol${project}`, 'phones and tablets'],
  ] as const;
  const column = Math.max(...lines.map(([line]) => line.length)) + 3;
  const fits = lines.every(([, what]) => 'next: '.length + column + what.length <= width);
  return lines.map(([line, what]) => (fits ? line.padEnd(column) + what : line));
}
