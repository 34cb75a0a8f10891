import { statusProject } from '../../engine/status.ts';
import { statusJson, statusText } from '../../report/status.ts';
import { present, projectOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl status`. */
export async function run(call: Call): Promise<number> {
  const result = await statusProject(worldOf(call), projectOf(call));
  await present(call, {
    text: () => statusText(result, viewOf(call)),
    json: () => statusJson(result),
    diagnostics: result.diagnostics,
  });
  return 0;
}
