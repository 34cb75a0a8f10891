import type { PlanResult } from '../engine/types.ts';
import type { View } from './view.ts';
import { shellWord, shownPath } from './words.ts';

/** The commands that bring a plan about, with real values; the first is the one that most people want. */
export function nextCommands(
  result: Pick<PlanResult, 'plan' | 'actions' | 'root'>,
  { command, project }: Pick<View, 'command' | 'project'>,
): string[] {
  const { plan, actions, root } = result;
  const work = actions.some(({ kind }) => kind !== 'keep' && kind !== 'blocked');
  const adoptable = actions.flatMap((action) =>
    action.kind === 'blocked' && action.reasons.some(({ code }) => code === 'not-ours')
      ? [shellWord(shownPath(root, action.target.path))]
      : [],
  );
  const flags = `${plan.ca.replacesRoot ? ' --replace-root' : ''}${plan.prune ? ' --prune' : ''}`;
  return [
    ...(work ? [`${command} apply${flags}${project}`] : []),
    ...(adoptable.length > 0 ? [`${command} apply${flags}${project} --adopt ${adoptable.join(' ')}`] : []),
  ];
}
