import type { DesiredProxy, ProxyArtifact } from '../desired/types.ts';
import { lineDiff } from './line-diff.ts';
import { change, fileAt, isNonEmpty, keep, obstacle, placementReasons, recordAt, repair, type Guard } from './look.ts';
import type { Action, CaPlan, HostPlan, ProxyPlan } from './types.ts';

/** The texts of a reverse proxy, compared by what they say. `owners` are the root and the hosts as planned. */
export function planProxy(proxy: DesiredProxy, owners: readonly (CaPlan | HostPlan)[], guard: Guard): ProxyPlan {
  const { id, name, title, hosts } = proxy;
  const [first, ...rest] = proxy.files;
  const files = [planText(first, guard), ...rest.map((text) => planText(text, guard))] as const;
  const served = owners.filter((owner) => hosts.includes(owner.id));
  const pairs = served.flatMap((owner) => [
    owner.key,
    owner.certificate,
    ...('fullchain' in owner ? [owner.fullchain, owner.combined, owner.pfx] : []),
  ]);
  const changes = [...files, ...pairs].some((action) => action !== undefined && isWork(action));
  return { id, name, title, files, changes };
}

function isWork({ kind }: Action): boolean {
  return kind === 'create' || kind === 'replace' || kind === 'rewrite';
}

function planText(target: ProxyArtifact, guard: Guard): Action<ProxyArtifact> {
  const file = fileAt(guard.inventory, target.path);
  const stop = obstacle(file);
  if (stop) return { kind: 'blocked', target, reasons: [stop] };
  if (file.state !== 'file') return { kind: 'create', target, reasons: [{ code: 'missing' }] };
  const { content } = file;
  if (content.type !== 'text') return { kind: 'blocked', target, reasons: [{ code: 'not-ours' }] };
  if (content.text !== target.text) {
    const edited = !content.sealed && recordAt(target.path, guard)?.hash !== file.hash;
    const diff = lineDiff(content.text, target.text);
    return change(target, [{ code: edited ? 'edited' : 'text-changed', diff }], content.sealed, guard);
  }
  const placement = placementReasons(target, file, guard.inventory);
  return isNonEmpty(placement)
    ? repair(target, placement, target.path, content.sealed, guard)
    : keep(target, content.sealed, guard);
}
