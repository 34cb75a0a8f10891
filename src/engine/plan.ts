import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Inventory } from '../inventory/types.ts';
import { formatInstant } from '../kernel/instant.ts';
import { formatMode } from '../kernel/mode.ts';
import type { World } from '../kernel/ports.ts';
import { actionsOf, isComplete } from '../plan/actions.ts';
import type { Plan } from '../plan/types.ts';
import { hooksOf } from './hooks.ts';
import { leaks } from './leaks.ts';
import { findProgram } from '../inventory/program.ts';
import { look, openProject, planOptions, type Project } from './project.ts';
import type { PlanResult, SelectOptions } from './types.ts';
import { pathFrom } from '../kernel/path.ts';

/**
 * The difference between the configuration and the disk, with reasons, and what trust stores lack; keys that would leak
 * are warnings. Reads only.
 * Throws `RcsslError`.
 */
export async function planProject(world: World, options: SelectOptions): Promise<PlanResult> {
  const { project, inventory, result } = await compareProject(world, options);
  const leaked = (await leaks(world, project, inventory)).map((d): Diagnostic => ({ ...d, severity: 'warning' }));
  const { pendingTrust } = await import('./trust/pending.ts');
  const { trust, notes: trustNotes } = await pendingTrust(world, project, result.plan, options);
  return {
    ...result,
    ...(trust && { trust }),
    diagnostics: [...result.diagnostics, ...leaked, ...proxyNotes(world, project, result.plan), ...trustNotes],
  };
}

/** What a server that is about to be configured cannot do, and that nothing will check it. */
function proxyNotes(world: World, { desired }: Project, plan: Plan): Diagnostic[] {
  const changing = new Set(plan.proxies.filter(({ files: [first] }) => first.kind !== 'keep').map(({ id }) => id));
  return desired.proxies
    .filter(({ id }) => changing.has(id))
    .flatMap(({ name, title, limits, check }) => {
      const unchecked = check !== undefined && findProgram(check.programs, world) === undefined;
      return [
        ...limits.map((limit) => diagnostic('proxy-limit', { name, limit })),
        ...(unchecked ? [diagnostic('proxy-unchecked', { name, program: title })] : []),
      ];
    });
}

/** The same without the look at leaks, which asks git. */
export async function compareProject(
  world: World,
  options: SelectOptions & { readonly within?: number },
): Promise<{ readonly project: Project; readonly inventory: Inventory; readonly result: PlanResult }> {
  const project = await openProject(world, options);
  options.signal?.throwIfAborted();
  const { inventory, plan } = look(world, project, planOptions(project, options));
  return { project, inventory, result: resultOf(world, project, inventory, plan) };
}

/** The plan of a configuration that has been read. */
export function planOpened(world: World, project: Project, options: SelectOptions): PlanResult {
  const { inventory, plan } = look(world, project, planOptions(project, options));
  return resultOf(world, project, inventory, plan);
}

export function resultOf(world: World, project: Project, inventory: Inventory, plan: Plan): PlanResult {
  const hooks = hooksOf(world, project, plan);
  return {
    hooks,
    config: project.config.file,
    root: project.config.root,
    now: inventory.at,
    plan,
    actions: actionsOf(plan),
    complete: isComplete(plan) && inventory.unfinished.length === 0 && hooks.every(({ owed }) => !owed),
    diagnostics: [
      ...project.diagnostics,
      ...unfinishedNotes(inventory),
      ...folderNotes(project, inventory),
      ...notes(project, inventory),
    ],
  };
}

/** Of applies that were interrupted. */
export function unfinishedNotes({ unfinished }: Inventory): Diagnostic[] {
  return unfinished.map(({ path, began }) =>
    diagnostic('apply-interrupted', { began: formatInstant(began) }, { file: path }),
  );
}

/** The declared rights of a folder that was there before: rcssl changes none that it did not make. */
function folderNotes({ config, desired: { outDir } }: Project, { outDir: found, groups }: Inventory): Diagnostic[] {
  if (found?.mode === undefined) return [];
  const path = pathFrom(config.root, outDir.path);
  const notes: Diagnostic[] = [];
  if (outDir.mode !== undefined && outDir.mode !== found.mode) {
    const [from, to] = [formatMode(found.mode), formatMode(outDir.mode)];
    notes.push(diagnostic('folder-rights', { path, from: `mode ${from}`, to, fix: `chmod ${to}` }));
  }
  const gid = outDir.group === undefined ? undefined : groups.get(outDir.group);
  if (gid !== undefined && gid !== found.gid) {
    const to = String(outDir.group);
    notes.push(diagnostic('folder-rights', { path, from: `group ${found.gid}`, to, fix: `chgrp ${to}` }));
  }
  return notes;
}

function notes({ desired: { ca } }: Project, { files }: Inventory): Diagnostic[] {
  const key = files.get(ca.key.path);
  const certificate = files.get(ca.certificate.path);
  const found: Diagnostic[] = [];
  if (
    key?.state === 'file' &&
    key.content.type === 'key' &&
    key.content.facts.publicKey === undefined &&
    ca.key.passphrase
  ) {
    found.push(diagnostic('root-key-unverified', {}, { file: ca.key.path }));
  }
  const facts =
    certificate?.state === 'file' && certificate.content.type === 'certificates'
      ? certificate.content.certificates[0]
      : undefined;
  if (ca.sharedFolder !== undefined && facts && !facts.nameConstraints && ca.certificate.profile.constraints) {
    found.push(diagnostic('root-unconstrained', { name: ca.name }));
  }
  return found;
}
