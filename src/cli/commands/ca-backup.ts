import { backUpRoots } from '../../engine/ca/backup.ts';
import { backupJson, backupText } from '../../report/backup.ts';
import { passphraseOf, present, projectOf, tellWait, viewOf, worldOf, type Call } from '../call.ts';

/** `rcssl ca backup FILE`; the parser has seen to it that there is one. */
export async function run(call: Call): Promise<number> {
  const file = call.args[0] ?? '';
  const result = await backUpRoots(worldOf(call), {
    ...projectOf(call),
    file,
    passphrase: passphraseOf(call),
    onLock: () => tellWait(call, 'locking the backup, which takes seconds so that guessing takes years'),
  });
  const view = viewOf(call);
  await present(call, {
    text: () => backupText(result, file, view),
    json: () => backupJson(result, file, view),
    diagnostics: result.diagnostics,
  });
  return 0;
}
