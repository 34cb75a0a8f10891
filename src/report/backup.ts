import type { BackedUpRoot, BackupResult, RestoreResult } from '../engine/ca/types.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { nextLines, screen } from './plan.ts';
import { rowLines, wrapWords } from './rows.ts';
import { signOf } from './signs.ts';
import type { View } from './view.ts';
import { fullFingerprint, pathsTogether, shellWord, shortFingerprint } from './words.ts';

const KEEP =
  'Keep it off this disk, and its passphrase elsewhere: nobody opens it without. Hosts are not in it, since apply issues them anew.';

/** The screen of `rcssl ca backup`; `file` as it was typed. */
export function backupText({ roots }: BackupResult, file: string, view: View): string {
  const rows = roots.map((root) => ({
    ...signOf('done', view.unicode),
    name: root.name,
    detail: detailOf(root, view),
  }));
  return screen([
    [`wrote ${file}`, ...rowLines(rows, view)],
    wrapWords(KEEP, view.width),
    nextLines(trialOf(file, view)),
  ]);
}

/** On the machine where it was made it opens the file and writes nothing. */
function trialOf(file: string, { command, project }: View): string[] {
  return [`${command} ca restore ${shellWord(file)}${project}`];
}

function detailOf({ state, fingerprint }: BackedUpRoot, { verbose, unicode }: View): string {
  if (fingerprint === undefined) return `${state}, its key alone`;
  return `${state}, SHA-256 ${verbose ? fullFingerprint(fingerprint) : shortFingerprint(fingerprint, unicode)}`;
}

/** The screen of `rcssl ca restore`. */
export function restoreText(result: RestoreResult, view: View): string {
  const { roots, restored, root: folder } = result;
  const next = nextLines(nextCommands(result, view));
  if (restored.files.length + restored.archive.length === 0) {
    return screen([['nothing to do: all that is in the backup is here already'], next]);
  }
  const done = signOf('done', view.unicode);
  const name = roots.find(({ state }) => state === 'live')?.name ?? '';
  const files = pathsTogether(restored.files.map((path) => pathFrom(folder, path)));
  const rows = [
    ...(files === '' ? [] : [{ ...done, name, detail: files }]),
    ...restored.archive.map((path) => ({ ...done, name: 'archive', detail: pathFrom(folder, path) })),
  ];
  return screen([rowLines(rows, view), next]);
}

/** What is left to do is for the plan to say: on an empty machine it is the hosts. */
function nextCommands({ complete }: RestoreResult, { command, project }: View): string[] {
  return complete ? [] : [`${command} plan${project}`];
}

/** The value of `rcssl ca backup --json`; `file` as it was typed. */
export function backupJson(result: BackupResult, file: string, view: View): object {
  return { formatVersion: 1, command: 'ca backup', ...sharedJson(result), next: trialOf(file, view) };
}

/** The value of `rcssl ca restore --json`. */
export function restoreJson(result: RestoreResult, view: View): object {
  const { restored, complete, root: folder } = result;
  const shown = (paths: readonly string[]) => paths.map((path) => pathFrom(folder, path));
  return {
    formatVersion: 1,
    command: 'ca restore',
    ...sharedJson(result),
    restored: { files: shown(restored.files), archive: shown(restored.archive) },
    complete,
    next: nextCommands(result, view),
  };
}

function sharedJson({ root: folder, config, file, roots, diagnostics }: BackupResult): object {
  return {
    root: folder,
    config: pathFrom(folder, config),
    file: pathFrom(folder, file),
    roots: roots.map(({ state, name, fingerprint }) => ({
      state,
      name,
      ...(fingerprint !== undefined && { fingerprint }),
    })),
    diagnostics: diagnosticsJson(diagnostics, folder),
  };
}
