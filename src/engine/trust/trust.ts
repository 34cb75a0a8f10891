import { diagnostic, fail } from '../../diagnostics/diagnostic.ts';
import type { World } from '../../kernel/ports.ts';
import type { CaPlan } from '../../plan/types.ts';
import type { TrustRoot } from '../../trust/types.ts';
import { resultOf } from '../plan.ts';
import { look, openProject, planOptions } from '../project.ts';
import { change, planChange, registryOf, type Wanted } from './change.ts';
import { knownRoot, projectRoots, type ProjectRoots } from './roots.ts';
import type { ShownRoot, TrustOptions, TrustPlan, TrustResult } from './types.ts';

/**
 * Makes this computer trust the project's root, and no longer those that it replaced. Throws `trust-no-root`,
 * `trust-declined` and those of stores and registry; what a store refuses is an outcome.
 */
export async function trustRoots(world: World, options: TrustOptions): Promise<TrustResult> {
  return change(world, await wantedTrust(world, options), options);
}

/** What it would do. Reads only. */
export async function planTrustRoots(world: World, options: TrustOptions): Promise<TrustPlan> {
  return planChange(world, await wantedTrust(world, options), options);
}

/** Takes the project's root and all that it replaced out of every store where rcssl put them; with `all` every root there is. */
export async function untrustRoots(world: World, options: TrustOptions): Promise<TrustResult> {
  return change(world, await wantedUntrust(world, options), options);
}

/** What it would do. Reads only. */
export async function planUntrustRoots(world: World, options: TrustOptions): Promise<TrustPlan> {
  return planChange(world, await wantedUntrust(world, options), options);
}

async function wantedTrust(world: World, options: TrustOptions): Promise<Wanted> {
  const { base, ca, live, former, stores } = await open(world, options);
  if (!live) return fail('trust-no-root', { name: ca.name });
  const isFree = live.facts.nameConstraints === undefined;
  const warnings = isFree ? [diagnostic('trust-unconstrained', { name: live.name })] : [];
  return { ...base, diagnostics: [...base.diagnostics, ...warnings], add: [live], remove: former, stores };
}

async function wantedUntrust(world: World, options: TrustOptions): Promise<Wanted> {
  if (options.all) {
    const { dataFolder } = world.machine();
    const remove = registryOf(world).flatMap((known) => knownRoot(known, dataFolder));
    const roots = shown({ live: undefined, former: remove });
    const { home } = world.computer();
    return { config: undefined, root: options.cwd, home, roots, diagnostics: [], ca: '', add: [], remove };
  }
  const { base, live, former } = await open(world, options);
  return { ...base, add: [], remove: live ? [live, ...former] : former };
}

interface Opened extends ProjectRoots {
  readonly base: Omit<Wanted, 'add' | 'remove'>;
  readonly ca: CaPlan;
  /** As the configuration declares them. */
  readonly stores: readonly string[] | undefined;
}

/** The project, and the roots that it has and had. Reads only. */
export async function open(world: World, options: TrustOptions): Promise<Opened> {
  const project = await openProject(world, options);
  const { inventory, plan } = look(world, project, planOptions(project, options));
  const { config, root, diagnostics } = resultOf(world, project, inventory, plan);
  const roots = projectRoots(world, project, plan.ca, registryOf(world));
  return {
    ...roots,
    ca: plan.ca,
    stores: project.config.trust,
    base: {
      config,
      root,
      home: world.computer().home,
      roots: shown(roots),
      ca: plan.ca.name,
      diagnostics: diagnostics.filter(isAboutRoot),
    },
  };
}

/** A screen about trust has no use for warnings about hosts. */
function isAboutRoot({ code }: { readonly code: string }): boolean {
  return code === 'apply-interrupted';
}

export function shown({
  live,
  former,
}: {
  readonly live: TrustRoot | undefined;
  readonly former: readonly TrustRoot[];
}): ShownRoot[] {
  const row = ({ fingerprint, name }: TrustRoot, state: ShownRoot['state']) => ({ fingerprint, name, state });
  return [...(live ? [row(live, 'live')] : []), ...former.map((root) => row(root, 'former'))];
}
