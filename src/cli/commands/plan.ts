import { planProject } from '../../engine/plan.ts';
import type { PlanResult } from '../../engine/types.ts';
import { planText } from '../../report/plan.ts';
import type { View } from '../../report/view.ts';
import { present, selectionOf, viewOf, worldOf, type Call } from '../call.ts';

/** Below the plan; most have none, and need no code for it. */
export async function trustText(result: PlanResult, view: View): Promise<string> {
  return result.trust ? (await import('../../report/trust.ts')).pendingTrustText(result, view) : '';
}

/** `rcssl plan`. */
export async function run(call: Call): Promise<number> {
  const result = await planProject(worldOf(call), selectionOf(call));
  const view = viewOf(call);
  await present(call, {
    text: async () => planText(result, view) + (await trustText(result, view)),
    json: async () => (await import('../../report/plan-json.ts')).planJson(result, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}
