import type { Desired } from '../desired/types.ts';
import type { Content, Inventory } from '../inventory/types.ts';
import { isComplete } from './actions.ts';
import { planHost } from './host.ts';
import { certificateIn, fileAt, isRecordedAs, recordIndex, type Guard } from './look.ts';
import { planProxy } from './proxy.ts';
import { planCa } from './root.ts';
import type { Plan, PlanOptions, Removal } from './types.ts';

/**
 * desired + inventory → plan
 *
 * Pure: the inventory says what time it is. Same arguments, same plan, whatever the order of anything.
 */
export function makePlan(desired: Desired, inventory: Inventory, options: PlanOptions): Plan {
  const declared = new Set(declaredPaths(desired));
  const config = desired.configFile;
  const guard: Guard = { inventory, options, config, recorded: recordIndex(config, inventory) };
  const root = planCa(desired.ca, hasIssued(desired, inventory), guard);
  // A root with a new key takes every host along: one left out would be signed by a key that is gone.
  const only = options.only && [...options.only, ...options.force];
  const selected =
    only && !root.plan.replacesRoot ? desired.hosts.filter(({ id }) => only.includes(id)) : desired.hosts;
  const hosts = selected.map((host) => planHost(host, root, guard));
  const plan: Plan = {
    ca: root.plan,
    hosts,
    proxies: desired.proxies
      // One that serves a selected host has to take up its new pair.
      .filter((proxy) => !only || [proxy.id, ...proxy.hosts].some((id) => only.includes(id)))
      .map((proxy) => planProxy(proxy, root, hosts, guard)),
    removals: removals(desired, declared, inventory).filter(({ owner }) => only?.includes(owner) ?? true),
    prune: options.prune,
    nextChange: undefined,
  };
  return isComplete(plan) ? { ...plan, nextChange: nextChange(plan) } : plan;
}

/** A host has a certificate that a root of this configuration signed: devices have been told to trust one. */
function hasIssued({ ca, hosts }: Desired, inventory: Inventory): boolean {
  return hosts.some(({ certificate }) => {
    const facts = certificateIn(fileAt(inventory, certificate.path));
    const named = facts?.issuer.some(([attribute, value]) => attribute === 'CN' && value === ca.name);
    return named || (facts && isRecordedAs(certificate, inventory.manifest.get(certificate.path)));
  });
}

function declaredPaths({ ca, hosts, proxies }: Desired): string[] {
  const artifacts = [
    ca.key,
    ca.certificate,
    ca.copy,
    ...hosts.flatMap((host) => [host.key, host.certificate, host.csr, host.fullchain, host.combined, host.pfx]),
    ...proxies.flatMap(({ files, copy }) => [...files, copy]),
  ];
  return artifacts.flatMap((artifact) => (artifact ? [artifact.path] : []));
}

/** What this configuration once declared and rcssl wrote, unchanged since. A root's files never go: phones trust them. */
function removals({ configFile }: Desired, declared: ReadonlySet<string>, inventory: Inventory): Removal[] {
  const identityOf = (path: string): string | undefined => {
    const file = fileAt(inventory, path);
    return file.state === 'file' ? file.identity : undefined;
  };
  // By another spelling or through a link a path may be a declared file.
  const inUse = new Set([...declared].map(identityOf));
  return [...inventory.manifest]
    .filter(([path, entry]) => {
      const file = fileAt(inventory, path);
      // A record may be anybody's, who sends a clone: what goes is of a kind that rcssl makes, as recorded.
      const unchanged = file.state === 'file' && file.hash === entry.hash && isOfAKind(file.content);
      const mine = entry.config === configFile || !inventory.configs.has(entry.config);
      return unchanged && mine && !declared.has(path) && !inUse.has(file.identity) && !entry.owner.startsWith('ca:');
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

/** A certificate, a key, a request, or a text that says itself that rcssl made it. */
function isOfAKind(content: Content): boolean {
  return content.type === 'text' ? content.sealed : content.type !== 'malformed';
}

function nextChange({ ca, hosts }: Plan): Plan['nextChange'] {
  const dates = [ca, ...hosts].flatMap(({ id, renewAt }) =>
    renewAt === undefined ? [] : [{ at: renewAt, owner: id }],
  );
  return dates.sort((a, b) => a.at - b.at)[0];
}
