import { RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { World } from '../../kernel/ports.ts';
import type { Plan } from '../../plan/types.ts';
import type { TrustLine } from '../../trust/plan.ts';
import type { KnownRoot } from '../../trust/registry.ts';
import { storeNamed } from '../../trust/stores.ts';
import type { Project } from '../project.ts';
import type { ProjectOptions } from '../types.ts';
import { registryOf } from './change.ts';
import { projectRoots } from './roots.ts';
import { planTrustRoots, shown } from './trust.ts';
import type { TrustPlan } from './types.ts';

/**
 * What a plan has to say of trust stores. Where the configuration declares some they are asked, which costs processes; else
 * the registry alone says which former roots are still trusted. Trust that cannot be told is a warning, and stops no plan.
 */
export async function pendingTrust(
  world: World,
  project: Project,
  plan: Plan,
  options: ProjectOptions,
): Promise<{ readonly trust: TrustPlan | undefined; readonly notes: readonly Diagnostic[] }> {
  try {
    return { trust: await pending(world, project, plan, options), notes: [] };
  } catch (error) {
    if (!(error instanceof RcsslError)) throw error;
    const notes = error.diagnostics.map((found): Diagnostic => ({ ...found, severity: 'warning' }));
    return { trust: undefined, notes };
  }
}

async function pending(
  world: World,
  project: Project,
  { ca }: Plan,
  { cwd, config, signal }: ProjectOptions,
): Promise<TrustPlan | undefined> {
  const registry = registryOf(world);
  const { trust } = project.config;
  if (trust === undefined && registry.length === 0) return undefined;
  const { live, former } = projectRoots(world, project, ca, registry);
  // A root that is yet to be made is trusted once it is there.
  if (trust !== undefined && live) {
    const where = { cwd, canAsk: true, ...(config !== undefined && { config }), ...(signal && { signal }) };
    const planned = await planTrustRoots(world, where);
    const lines = planned.lines.filter(({ change }) => ['add', 'remove', 'forget', 'fault'].includes(change));
    return lines.length > 0 ? { ...planned, lines } : undefined;
  }
  const lines = registry
    .filter(({ fingerprint }) => former.some((root) => root.fingerprint === fingerprint))
    .flatMap(linesOf);
  const { file, root } = project.config;
  const { home } = world.computer();
  const roots = shown({ live, former });
  return lines.length > 0 ? { config: file, root, home, roots, lines, diagnostics: [] } : undefined;
}

function linesOf({ fingerprint, places }: KnownRoot): TrustLine[] {
  return places.map(({ store, at }) => ({
    store,
    title: storeNamed(store).title,
    at,
    root: fingerprint,
    change: 'remove',
    needs: 'nothing',
    commands: [],
  }));
}
