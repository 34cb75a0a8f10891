import { inspectTarget } from '../../engine/inspect.ts';
import { nodeTlsProbe } from '../../platform/tls-probe.ts';
import { inspectJson, inspectText } from '../../report/inspect.ts';
import { present, projectOf, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl inspect FILE|HOST|URL`; the parser has seen to it that there is one. */
export async function run(call: Call): Promise<number> {
  const passphraseEnv = call.flags['passphrase-env'];
  const result = await inspectTarget(worldOf(call), nodeTlsProbe, {
    ...projectOf(call),
    target: call.args[0] ?? '',
    ...(passphraseEnv !== undefined && { passphraseEnv }),
  });
  await present(call, {
    text: () => inspectText(result, viewOf(call)),
    json: () => inspectJson(result),
    diagnostics: result.diagnostics,
  });
  return 0;
}
