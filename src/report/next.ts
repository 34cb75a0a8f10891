import type { PlanResult } from '../engine/types.ts';
import type { Reason } from '../plan/types.ts';
import { isConsequence } from './reason.ts';
import type { View } from './view.ts';
import { shellWord } from './words.ts';
import { pathFrom } from '../kernel/path.ts';

type Spelling = Pick<View, 'command' | 'project' | 'selection'>;

/** The commands that bring a plan about, with real values; the first is the one that most people want. */
export function nextCommands(
  result: Pick<PlanResult, 'plan' | 'actions' | 'root' | 'complete'>,
  spelling: Spelling,
): string[] {
  const { plan, actions } = result;
  // With nothing in the way and yet not complete: an apply was interrupted.
  const interrupted = !result.complete && actions.every(({ kind }) => kind === 'keep');
  const work = interrupted || actions.some(({ kind }) => kind !== 'keep' && kind !== 'blocked');
  const apply = applyCommand(spelling, plan.ca.replacesRoot ? ' --replace-root' : '');
  return [...(work ? [apply] : []), ...adoptCommand(result, apply)];
}

/** Due only because somebody asked about a longer time: an apply would find nothing to do. */
export function isOnlyEarly({ actions, now }: Pick<PlanResult, 'actions' | 'now'>): boolean {
  const reasons = actions.flatMap((action) => (action.kind === 'keep' ? [] : action.reasons));
  const isEarly = (reason: Reason) => reason.code === 'expires-soon' && reason.renewAt > now;
  return reasons.some(isEarly) && reasons.every((reason) => isEarly(reason) || isConsequence(reason));
}

/** What is left to type when the rest has been carried out. */
export function leftCommands(
  result: Pick<PlanResult, 'actions' | 'root'>,
  spelling: Pick<View, 'command' | 'project'>,
): string[] {
  return adoptCommand(result, applyCommand({ ...spelling, selection: '' }, ''));
}

function applyCommand({ command, project, selection }: Spelling, more: string): string {
  return `${command} apply${project}${selection}${more}`;
}

/** Last in the line, since `--adopt` takes several. */
function adoptCommand({ actions, root }: Pick<PlanResult, 'actions' | 'root'>, apply: string): string[] {
  const adoptable = actions.flatMap((action) =>
    action.kind === 'blocked' && action.reasons.some(({ code }) => code === 'not-ours')
      ? [shellWord(pathFrom(root, action.target.path))]
      : [],
  );
  return adoptable.length > 0 ? [`${apply} --adopt ${adoptable.join(' ')}`] : [];
}
