import type { PlanResult } from '../engine/types.ts';
import { pathFrom } from '../kernel/path.ts';
import type { View } from './view.ts';

const LONG = 20;

/** How the texts differ that are about to be written anew: what goes and what comes, line by line. */
export function diffLines({ plan, root }: Pick<PlanResult, 'plan' | 'root'>, { paint, verbose }: View): string[] {
  return plan.proxies
    .flatMap(({ files }) => files)
    .flatMap((action) => {
      const reasons = action.kind === 'keep' ? [] : action.reasons;
      const diff = reasons.flatMap((reason) => ('diff' in reason ? reason.diff : []));
      if (diff.length === 0) return [];
      const shown = verbose ? diff : diff.slice(0, LONG);
      const more = diff.length - shown.length;
      return [
        `${pathFrom(root, action.target.path)}:`,
        ...shown.map((line) => `  ${paint(line.startsWith('-') ? 'remove' : 'create', visible(line))}`),
        ...(more > 0 ? [`  and ${more} more; --verbose shows all`] : []),
      ];
    });
}

/** Whatever somebody wrote into the file must not drive the terminal. */
function visible(line: string): string {
  return line.replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}
