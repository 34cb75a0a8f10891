import type { Action, Plan, Removal } from './types.ts';

/** Every action in the order of execution: the root, then host by host key, certificate and what follows, then proxies and removals. */
export function actionsOf(plan: Plan): (Action | Removal)[] {
  const { ca, hosts, proxies, removals: left, prune } = plan;
  const all = [
    ca.key,
    ca.certificate,
    ca.copy,
    ...hosts.flatMap((host) => [host.key, host.certificate, host.csr, host.fullchain, host.combined, host.pfx]),
    ...proxies.flatMap(({ files, copy }) => [copy, ...files]),
    ...(prune ? left : []),
  ];
  return all.filter((action) => action !== undefined);
}

/** Where the file of an action is now: an earlier configuration may have had it elsewhere. */
export function placeOf(action: Action): string {
  return action.kind === 'rewrite' ? action.from : action.target.path;
}

/** Nothing is to do and nothing is in the way. */
export function isComplete(plan: Plan): boolean {
  return actionsOf(plan).every(({ kind }) => kind === 'keep');
}
