import type { Desired } from '../desired/types.ts';
import type { Inventory } from '../inventory/types.ts';
import { isComplete } from './actions.ts';
import { planHost } from './host.ts';
import { fileAt, formerIndex, type Guard } from './look.ts';
import { planCa } from './root.ts';
import type { Plan, PlanOptions, Removal } from './types.ts';

/**
 * desired + inventory → plan
 *
 * Pure: the inventory says what time it is. Same arguments, same plan, whatever the order of anything.
 */
export function makePlan(desired: Desired, inventory: Inventory, options: PlanOptions): Plan {
  const declared = new Set(declaredPaths(desired));
  const guard: Guard = { inventory, options, former: formerIndex(declared, inventory) };
  const root = planCa(desired.ca, guard);
  // A root with a new key takes every host along: one left out would be signed by a key that is gone.
  const { only } = options;
  const selected =
    only && !root.plan.replacesRoot ? desired.hosts.filter(({ id }) => only.includes(id)) : desired.hosts;
  const hosts = selected.map((host) => planHost(host, root, guard));
  const plan: Plan = {
    ca: root.plan,
    hosts,
    removals: removals(desired, declared, inventory),
    prune: options.prune,
    nextChange: undefined,
  };
  return isComplete(plan) ? { ...plan, nextChange: nextChange(plan) } : plan;
}

function declaredPaths({ ca, hosts }: Desired): string[] {
  const artifacts = [
    ca.key,
    ca.certificate,
    ca.copy,
    ...hosts.flatMap((host) => [host.key, host.certificate, host.csr, host.fullchain]),
  ];
  return artifacts.flatMap((artifact) => (artifact ? [artifact.path] : []));
}

/** What this configuration once declared and rcssl wrote, unchanged since. A root's files never go: phones trust them. */
function removals({ configFile }: Desired, declared: ReadonlySet<string>, inventory: Inventory): Removal[] {
  return [...inventory.manifest]
    .filter(([path, entry]) => {
      const file = fileAt(inventory, path);
      const unchanged = file.state === 'file' && file.hash === entry.hash;
      return unchanged && !declared.has(path) && entry.config === configFile && !entry.owner.startsWith('ca:');
    })
    .map(([path, { owner, artifact }]): Removal => ({
      kind: 'remove',
      owner,
      artifact,
      path,
      reasons: [{ code: 'undeclared' }],
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function nextChange({ ca, hosts }: Plan): Plan['nextChange'] {
  const dates = [ca, ...hosts].flatMap(({ id, renewAt }) =>
    renewAt === undefined ? [] : [{ at: renewAt, owner: id }],
  );
  return dates.sort((a, b) => a.at - b.at)[0];
}
