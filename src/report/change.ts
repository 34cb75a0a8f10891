import { ownerName, type OwnerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instant.ts';
import type { Action, CaPlan, HostPlan, Plan, ProxyPlan, Reason } from '../plan/types.ts';
import { isConsequence, isWhole, reasonText } from './reason.ts';
import { dayText, validityText } from './time.ts';
import { count, keyWords, pathsTogether } from './words.ts';
import { pathFrom } from '../kernel/path.ts';

/** What becomes of an owner, in people's words: renewed keeps the key, replaced gets a new one, repaired the same certificate. */
export type Verb = 'create' | 'renew' | 'replace' | 'repair' | 'remove' | 'blocked';

/** A line of the list of changes. */
export interface Change {
  readonly owner: OwnerId;
  readonly name: string;
  readonly verb: Verb;
  readonly details: readonly string[];
  /** Only because the root gets a new key. */
  readonly follows: boolean;
}

export interface Moment {
  /** The folder that paths are shown relative to. */
  readonly root: string;
  readonly now: Instant;
}

/** Every owner that does not stay as it is, the root first, then removals if they are carried out. */
export function changesOf(plan: Plan, moment: Moment): Change[] {
  const removed = plan.prune ? plan.removals : [];
  return [
    ...changeOf(plan.ca, moment),
    ...plan.hosts.flatMap((host) => changeOf(host, moment)),
    ...plan.proxies.flatMap((proxy) => changeOfProxy(proxy, moment)),
    ...[...Map.groupBy(removed, ({ owner }) => owner)].map(([owner, files]): Change => ({
      owner,
      name: ownerName(owner),
      verb: 'remove',
      details: [`no longer declared: ${pathsTogether(files.map(({ path }) => pathFrom(moment.root, path)))}`],
      follows: false,
    })),
  ];
}

function changeOfProxy({ id, name, title, files, copy }: ProxyPlan, { root, now }: Moment): Change[] {
  const all = [...files, ...(copy ? [copy] : [])];
  const pending = all.filter((action) => action.kind !== 'keep');
  const [first] = pending;
  if (!first) return [];
  const blocked = pending.filter(({ kind }) => kind === 'blocked');
  const isNew = pending.every(({ kind }) => kind === 'create');
  const shown = (path: string): string => pathFrom(root, path);
  const told = (blocked.length > 0 ? blocked : pending).flatMap(({ reasons, target }) =>
    reasons.map((reason) => reasonText(reason, { path: shown(target.path), now, shown, blocked: blocked.length > 0 })),
  );
  return [
    {
      owner: id,
      name,
      verb: blocked.length > 0 ? 'blocked' : isNew ? 'create' : 'repair',
      details: isNew ? [`${title}, ${shown(first.target.path)}`] : [...new Set(told)],
      follows: false,
    },
  ];
}

/** The actions of an owner, in the order in which people care for their reasons. */
function actionsOfOwner(owner: CaPlan | HostPlan): Action[] {
  const derived = 'csr' in owner ? [owner.csr, owner.fullchain, owner.combined, owner.pfx] : [(owner as CaPlan).copy];
  return [owner.certificate, owner.key, ...derived].filter((action) => action !== undefined);
}

function changeOf(owner: CaPlan | HostPlan, moment: Moment): Change[] {
  const pending = actionsOfOwner(owner).filter((action) => action.kind !== 'keep');
  if (pending.length === 0) return [];
  const { id, name } = owner;
  const verb = verbOf(owner, pending);
  const reasons = pending.flatMap((action) => action.reasons);
  const anew = reasons.some(({ code }) => code === 'issuer-replaced');
  const follows = anew && verb !== 'create' && reasons.every(isOfNewRoot);
  return [{ owner: id, name, verb, details: detailsOf(owner, verb, pending, moment), follows }];
}

/** Said by the line of the root; its key decides about the signature. */
function isOfNewRoot(reason: Reason): boolean {
  const isSignature = reason.code === 'profile-changed' && reason.field === 'signature';
  return reason.code === 'issuer-replaced' || isSignature || isConsequence(reason);
}

type Pending = Exclude<Action, { kind: 'keep' }>;

function verbOf({ key, certificate }: CaPlan | HostPlan, pending: readonly Pending[]): Verb {
  if (pending.some(({ kind }) => kind === 'blocked')) return 'blocked';
  if (key.kind === 'create' && (certificate.kind === 'create' || isAdopted(certificate))) return 'create';
  if (pending.every(({ kind, target }) => kind === 'create' && target.artifact === 'copy')) return 'create';
  if (key.kind === 'replace' || key.kind === 'create') return 'replace';
  if (certificate.kind === 'create' || certificate.kind === 'replace') return 'renew';
  return 'repair';
}

function detailsOf(owner: CaPlan | HostPlan, verb: Verb, pending: readonly Pending[], moment: Moment): string[] {
  const isNew = owner.key.kind === 'create' && owner.certificate.kind === 'create';
  if (isNew && pending.every(({ reasons }) => reasons.every(({ code }) => code === 'missing'))) {
    return [profileText(owner, moment.now)];
  }
  const shown = (path: string): string => pathFrom(moment.root, path);
  const blocked = verb === 'blocked';
  const all = pending
    .filter(({ kind }) => !blocked || kind === 'blocked')
    .flatMap(({ reasons, target }) => reasons.map((reason) => ({ reason, path: shown(target.path) })));
  const texts = mostTelling(all).map(({ reason, path }) =>
    reasonText(reason, { path, now: moment.now, shown, blocked }),
  );
  return [...new Set(texts)];
}

/** Reasons that say enough by themselves, else those that follow from no other, else all. */
function mostTelling<R extends { readonly reason: Reason }>(all: readonly R[]): readonly R[] {
  const whole = all.filter(({ reason }) => isWhole(reason));
  if (whole.length > 0) return whole;
  const own = all.filter(({ reason }) => !isConsequence(reason));
  return own.length > 0 ? own : all;
}

function isAdopted(action: Action): boolean {
  return action.kind === 'replace' && action.reasons.some(({ code }) => code === 'adopted');
}

/** What a new one is: `RSA-2048, 365 days, 7 names`; a root says until when, since that is when phones need it again. */
function profileText({ key, certificate }: CaPlan | HostPlan, now: Instant): string {
  const { profile } = certificate.target;
  const kind = keyWords(key.target.keyKind);
  if ('names' in profile) return `${kind}, ${validityText(profile.validity)}, ${count(profile.names.length, 'name')}`;
  return `new root, ${kind}, until ${dayText(now + profile.validity)}`;
}
