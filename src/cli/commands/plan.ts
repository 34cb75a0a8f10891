import { planProject } from '../../engine/plan.ts';
import { planJson } from '../../report/plan-json.ts';
import { planText } from '../../report/plan.ts';
import { present, selectionOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl plan`. */
export async function run(call: Call): Promise<number> {
  const result = await planProject(worldOf(call), selectionOf(call));
  const view = viewOf(call);
  present(call, {
    text: () => planText(result, view),
    json: () => planJson(result, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}
