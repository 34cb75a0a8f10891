import { restoreRoots } from '../../engine/ca/restore.ts';
import { restoreJson, restoreText } from '../../report/backup.ts';
import { recoveryNotes } from '../../report/recovery.ts';
import { aloneOf, passphraseOf, present, projectOf, tellWait, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl ca restore FILE`; the parser has seen to it that there is one. */
export async function run(call: Call): Promise<number> {
  const result = await restoreRoots(worldOf(call), {
    ...projectOf(call),
    file: call.args[0] ?? '',
    passphrase: passphraseOf(call),
    onLock: () => tellWait(call, 'opening the backup, which takes seconds so that guessing takes years'),
    ...aloneOf(call),
  });
  const { recovered, diagnostics } = result;
  const view = viewOf(call);
  await present(call, {
    text: () => restoreText(result, view),
    json: () => restoreJson({ ...result, diagnostics: [...recoveryNotes(recovered), ...diagnostics] }, view),
    diagnostics,
  });
  return 0;
}
