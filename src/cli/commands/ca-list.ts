import { listRoots } from '../../engine/ca/list.ts';
import { caListJson, caListText } from '../../report/ca-list.ts';
import { present, projectOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl ca list`. */
export async function run(call: Call): Promise<number> {
  const result = await listRoots(worldOf(call), projectOf(call));
  const view = viewOf(call);
  await present(call, {
    text: () => caListText(result, view),
    json: () => caListJson(result, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}
