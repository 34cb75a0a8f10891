import type { Artifact, DesiredProxy, ProxyArtifact } from '../desired/types.ts';
import type { OwnerId } from '../kernel/ids.ts';
import { lineDiff } from './line-diff.ts';
import type { RootContext } from './root.ts';
import { change, fileAt, isNonEmpty, keep, obstacle, placementReasons, recordAt, repair, type Guard } from './look.ts';
import type { Action, CaPlan, HostPlan, ProxyPlan } from './types.ts';

/** The texts of a reverse proxy, compared by what they say, and the copy of the root's certificate that it reads. */
export function planProxy(proxy: DesiredProxy, root: RootContext, hosts: readonly HostPlan[], guard: Guard): ProxyPlan {
  const { id, name, title } = proxy;
  const made = [...actionsOfOwner(root.plan), ...hosts.flatMap(actionsOfOwner)].filter(isWork);
  const lacking = proxy.reads.find(
    ({ path }) => fileAt(guard.inventory, path).state === 'missing' && !made.some(({ target }) => target.path === path),
  );
  const settled = <A extends Artifact>(action: Action<A>): Action<A> =>
    lacking ? waiting(action, lacking.owner) : action;
  const [first, ...rest] = proxy.files;
  const text = (target: ProxyArtifact): Action<ProxyArtifact> => settled(planText(target, guard));
  const files = [text(first), ...rest.map(text)] as const;
  const copy = proxy.copy && settled(root.copy(proxy.copy));
  const served = made.filter(({ target }) => proxy.hosts.includes(target.owner) && target.artifact !== 'csr');
  const changes = served.length > 0 || [...files, copy].some((action) => action !== undefined && isWork(action));
  return { id, name, title, files, copy, changes };
}

function actionsOfOwner(owner: CaPlan | HostPlan): Action[] {
  const derived = 'csr' in owner ? [owner.csr, owner.fullchain, owner.combined, owner.pfx] : [(owner as CaPlan).copy];
  return [owner.key, owner.certificate, ...derived].filter((action) => action !== undefined);
}

/** A server that is told to read a pair that is not there does not start: its configuration comes when the pair does. */
function waiting<A extends Artifact>(action: Action<A>, on: OwnerId): Action<A> {
  if (action.kind !== 'create' && action.kind !== 'replace') return action;
  return { kind: 'blocked', target: action.target, reasons: [{ code: 'waits', on }, ...action.reasons] };
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
