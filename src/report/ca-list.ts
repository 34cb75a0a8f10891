import { basename } from 'node:path';
import type { CaListResult, RootEntry } from '../engine/ca/types.ts';
import { formatInstant } from '../kernel/instant.ts';
import { ownerName } from '../kernel/ids.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { nextLines, screen } from './plan.ts';
import { wrapWords } from './rows.ts';
import { dayText, whenText } from './time.ts';
import type { View } from './view.ts';
import { fullFingerprint, keyWords, listed, shellWord, shortFingerprint } from './words.ts';

const LABEL = 9;
/** Hosts that are named; of more the rest is counted. */
const SHOWN = 5;

/** The screen of `rcssl ca list`: a block a root, the live one first. */
export function caListText(result: CaListResult, view: View): string {
  const { name, roots } = result;
  const lines = roots.length > 0 ? roots.flatMap((root) => block(root, result, view)) : [`no root ${name} yet`];
  return screen([lines, nextLines(nextCommands(result, view))]);
}

function block(root: RootEntry, { now, shared }: CaListResult, view: View): string[] {
  const { name, keyKind, state, notAfter, fingerprint } = root;
  const rows: [string, string][] = [
    ['until', whenText(notAfter, now)],
    ['SHA-256', view.verbose ? fullFingerprint(fingerprint) : shortFingerprint(fingerprint, view.unicode)],
    [state === 'live' ? 'file' : 'archive', placeText(root, shared && !view.verbose)],
    ['key', keyText(root)],
    ['in use', usesText(root, view)],
  ];
  const what = `${keyWords(keyKind)}  ${view.paint(state === 'live' ? 'good' : 'dim', state)}`;
  const fits = name.length + keyKind.length + state.length < view.width;
  const heading = fits ? [`${name}  ${what}`] : [name, `  ${what}`];
  return [...heading, ...rows.flatMap(([label, value]) => labelled(label, value, view))];
}

/** The data folder is far away, and its path is long. */
function placeText({ state, path }: RootEntry, isFar: boolean): string {
  if (!isFar) return path;
  return state === 'live' ? 'in your data folder, for all projects' : `${basename(path)}, in your data folder`;
}

function keyText({ state, key }: RootEntry): string {
  switch (key) {
    case 'live':
      return state === 'live' ? 'there' : 'there: the live root has the same, and a later certificate';
    case 'archived':
      return 'in the archive';
    case 'encrypted':
      return 'encrypted; its passphrase was not asked for';
    case 'missing':
      return 'not here';
  }
}

function usesText({ hosts }: RootEntry, { verbose }: View): string {
  if (hosts.length === 0) return 'by no host of this project';
  const names = hosts.map(ownerName);
  const rest = names.length - SHOWN;
  return `by ${listed(verbose || rest < 2 ? names : [...names.slice(0, SHOWN), `${rest} other hosts`])}`;
}

function labelled(label: string, value: string, { width }: View): string[] {
  const [first = '', ...rest] = wrapWords(value, Math.max(20, width - LABEL - 2));
  return [`  ${label.padEnd(LABEL)}${first}`, ...rest.map((line) => ' '.repeat(LABEL + 2) + line)];
}

/** A name that can be copied: of the root, and of the day. */
function nextCommands({ name, roots, now }: CaListResult, { command, project }: View): string[] {
  if (roots.length === 0) return [`${command} apply${project}`];
  const file = `${name} ${dayText(now)}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return [`${command} ca backup ${shellWord(`${file}.age`)}${project}`];
}

/** The value of `rcssl ca list --json`. */
export function caListJson(result: CaListResult, view: View): object {
  const { root: folder, config, name, shared, roots, diagnostics } = result;
  return {
    formatVersion: 1,
    command: 'ca list',
    root: folder,
    config: pathFrom(folder, config),
    name,
    shared,
    roots: roots.map(({ notBefore, notAfter, ...root }) => ({
      ...root,
      notBefore: formatInstant(notBefore),
      notAfter: formatInstant(notAfter),
    })),
    diagnostics: diagnosticsJson(diagnostics, folder),
    next: nextCommands(result, view),
  };
}
