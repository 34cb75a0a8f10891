import type { DestroyPlan, DestroyResult, StayReason } from '../engine/destroy/types.ts';
import type { TrustLine } from '../engine/trust/types.ts';
import { ownerName } from '../kernel/ids.ts';
import { pathFrom } from '../kernel/path.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { nextLines, screen } from './plan.ts';
import { rowLines, wrapWords, type Row } from './rows.ts';
import { signOf } from './signs.ts';
import { trustPlanJson, trustJson } from './trust-json.ts';
import { trustPlanLines, trustRows } from './trust.ts';
import type { View } from './view.ts';
import { count, listed, shellWord } from './words.ts';

const WHY: Record<StayReason, string> = {
  changed: 'stays: somebody has changed it since rcssl wrote it',
  'not-ours': 'stays: rcssl did not write it, or has forgotten that it did',
  'no-file': 'stays: a folder or a link stands there',
  unreadable: 'stays: it cannot be read',
  'other-config': 'stays: another configuration in this folder has it',
  'shared-root': 'stays: other projects may use this root',
  archived: 'stays: what gave way to rcssl once, in no backup',
};

/** What would go, above the question. */
export function destroyPlanText(plan: DestroyPlan, view: View): string {
  if (isNothing(plan)) return nothingText(plan, view);
  const { backup, root, trust } = plan;
  const archive: Row[] =
    backup === undefined
      ? []
      : [
          {
            ...signOf('create', view.unicode),
            name: pathFrom(root, backup),
            detail: 'the root and those before it, encrypted',
          },
        ];
  return screen([
    rowLines(archive, view),
    trust ? trustPlanLines({ ...trust, lines: trust.lines.filter(isNews) }, view) : [],
    fileLines(plan, view),
    wrapWords(rootSentence(plan), view.width),
  ]);
}

/** Of a store that is not here, or never had the root, there is nothing to tell. */
function isNews({ change, skip }: TrustLine): boolean {
  return change !== 'skip' || (skip?.code !== 'not-found' && skip?.code !== 'takes-system');
}

function isNothing({ files, backup, trust }: DestroyPlan): boolean {
  const isTrusted = trust?.lines.some(({ change }) => change === 'remove' || change === 'forget') ?? false;
  return files.length === 0 && backup === undefined && !isTrusted;
}

function nothingText(plan: DestroyPlan, view: View): string {
  return screen([['nothing to destroy: rcssl owns no file here'], leftLines(plan, view)]);
}

function fileLines(plan: Pick<DestroyPlan, 'files' | 'left' | 'root'>, view: View): string[] {
  const { files, root } = plan;
  const shown = files.map(({ path, owner }): Row => ({
    ...signOf('remove', view.unicode),
    name: pathFrom(root, path),
    detail: ownerName(owner),
  }));
  return [...rowLines(shown, view), ...leftLines(plan, view)];
}

function leftLines({ left, root }: Pick<DestroyPlan, 'left' | 'root'>, view: View): string[] {
  const rows = left.map(({ path, why }): Row => ({
    ...signOf('skipped', view.unicode),
    name: pathFrom(root, path),
    detail: WHY[why],
  }));
  return rowLines(rows, view);
}

function rootSentence({ ca, config, root }: Pick<DestroyPlan, 'ca' | 'config' | 'root'>): string {
  const stays = `${pathFrom(root, config)} stays.`;
  if (ca.goes) return stays;
  return ca.shared
    ? `${stays} So does the root ${ca.name}, which other projects may use, and the trust in it: --shared-root takes both along.`
    : `${stays} So does the root ${ca.name}: another configuration here uses it.`;
}

/** `Remove 6 files, and the trust in the root Test Root?` */
export function destroyQuestion({ files, ca }: DestroyPlan): string {
  const trust = ca.goes ? [`the trust in the root ${ca.name}`] : [];
  return `Remove ${listed([count(files.length, 'file'), ...trust])}?`;
}

/** What became of it. */
export function destroyText(result: DestroyResult, view: View): string {
  const { removed, backup, backedUp, trust, root, complete } = result;
  if (isNothing(result)) return nothingText(result, view);
  const done = signOf('done', view.unicode);
  const archive: Row[] =
    backup === undefined || backedUp.length === 0
      ? []
      : [{ ...done, name: pathFrom(root, backup), detail: 'the root, encrypted: keep it off this disk' }];
  const gone = removed.map((path): Row => ({ ...done, name: pathFrom(root, path), detail: 'removed' }));
  return screen([
    rowLines(archive, view),
    trust ? rowLines(trustRows({ ...trust, outcomes: trust.outcomes.filter(isNews) }, view), view) : [],
    [...rowLines(gone, view), ...(complete ? leftLines(result, view) : [])],
    wrapWords(complete ? rootSentence(result) : 'No file was removed.', view.width),
    nextLines(nextCommands(result, view)),
  ]);
}

function nextCommands({ backup, backedUp, root }: DestroyResult, { command, project }: View): string[] {
  if (backup === undefined || backedUp.length === 0) return [];
  return [`${command} ca restore ${shellWord(pathFrom(root, backup))}${project}`];
}

/** The value of `rcssl destroy --dry-run --json`. */
export function destroyPlanJson(plan: DestroyPlan): object {
  return {
    ...headOf(plan),
    dryRun: true,
    ...(plan.trust && { trust: trustPlanJson('untrust', plan.trust) }),
    next: [],
  };
}

/** The value of `rcssl destroy --json`. */
export function destroyJson(result: DestroyResult, view: View): object {
  const { trust, removed, complete, root } = result;
  return {
    ...headOf(result),
    dryRun: false,
    complete,
    ...(trust && { trust: trustJson('untrust', trust, view) }),
    removed: removed.map((path) => pathFrom(root, path)),
    next: nextCommands(result, view),
  };
}

function headOf({ config, root, ca, files, left, backup, diagnostics }: Omit<DestroyPlan, 'trust'>): object {
  const shown = (path: string) => pathFrom(root, path);
  return {
    formatVersion: 1,
    command: 'destroy',
    root,
    config: shown(config),
    ca,
    files: files.map(({ path, owner, artifact }) => ({ path: shown(path), owner, artifact })),
    left: left.map(({ path, why }) => ({ path: shown(path), why })),
    ...(backup !== undefined && { backup: shown(backup) }),
    diagnostics: diagnosticsJson(diagnostics, root),
  };
}
