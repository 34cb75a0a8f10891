import { fail } from '../../diagnostics/diagnostic.ts';
import { initProject } from '../../engine/init.ts';
import { initJson, initText } from '../../report/init.ts';
import { present, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl init`. */
export async function run(call: Call): Promise<number> {
  const { flags, cwd } = call;
  if (flags.json && flags.yaml) fail('cli-flags-exclude', { one: '--json', other: '--yaml' });
  const format = flags.json ? 'json' : flags.yaml ? 'yaml' : 'ts';
  const result = await initProject(worldOf(call), { cwd, format });
  await present(call, {
    text: () => initText(result, viewOf(call)),
    json: () => initJson(result, cwd),
    diagnostics: [],
  });
  return 0;
}
