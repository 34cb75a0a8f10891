import { writeAndroidConfig } from '../../enrol/android-config.ts';
import { androidConfigText } from '../../report/enrol-apps.ts';
import { present, projectOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl enrol android-config`. */
export async function run(call: Call): Promise<number> {
  const { out } = call.flags;
  const result = await writeAndroidConfig(worldOf(call), { ...projectOf(call), ...(out !== undefined && { out }) });
  await present(call, {
    text: () => androidConfigText(result, call.cwd, viewOf(call)),
    json: async () => (await import('../../report/enrol-json.ts')).androidConfigJson(result, call.cwd),
    diagnostics: result.diagnostics,
  });
  return 0;
}
