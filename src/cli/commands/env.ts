import { trustEnvironment } from '../../engine/environment.ts';
import { environmentJson, environmentText, type SpellingName } from '../../report/environment.ts';
import { present, projectOf, tellWait, worldOf, type Call } from '../call.ts';

/** `rcssl env [SHELL]`; the parser has checked the shell. */
export async function run(call: Call): Promise<number> {
  const result = await trustEnvironment(worldOf(call), {
    ...projectOf(call),
    onMake: () => tellWait(call, 'making a trust store for Java ...'),
  });
  await present(call, {
    text: () => environmentText(result, (call.args[0] as SpellingName | undefined) ?? ownShell(call)),
    json: () => environmentJson(result),
    diagnostics: result.diagnostics.filter(({ severity }) => severity !== 'note' || call.flags.verbose),
  });
  return 0;
}

/** The user's shell, as far as it writes otherwise than POSIX ones. */
function ownShell({ io }: Call): SpellingName {
  const { SHELL = '', PSModulePath } = io.env;
  if (SHELL.endsWith('/fish')) return 'fish';
  return SHELL === '' && PSModulePath !== undefined ? 'powershell' : 'bash';
}
