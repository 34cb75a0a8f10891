import { restoreRoots } from '../../engine/ca/restore.ts';
import { restoreJson, restoreText } from '../../report/backup.ts';
import { lockTeller, passphraseOf, present, projectOf, tellWait, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl ca restore FILE`; the parser has seen to it that there is one. */
export async function run(call: Call): Promise<number> {
  const result = await restoreRoots(worldOf(call), {
    ...projectOf(call),
    file: call.args[0] ?? '',
    passphrase: passphraseOf(call),
    onLock: () => tellWait(call, 'opening the backup, which takes seconds so that guessing takes years'),
    onWait: lockTeller(call),
  });
  const view = viewOf(call);
  await present(call, {
    text: () => restoreText(result, view),
    json: () => restoreJson(result, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}
