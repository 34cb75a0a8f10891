import { planProject } from '../../engine/plan.ts';
import { planText } from '../../report/plan.ts';
import { present, selectionOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl plan`. */
export async function run(call: Call): Promise<number> {
  const result = await planProject(worldOf(call), selectionOf(call));
  const view = viewOf(call);
  await present(call, {
    text: () => planText(result, view),
    json: async () => (await import('../../report/plan-json.ts')).planJson(result, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}
