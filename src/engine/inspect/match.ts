import type { OwnerId } from '../../kernel/ids.ts';
import { covers, parseName, type AltName } from '../../pki/names.ts';
import type { CertificateFacts } from '../../pki/facts.ts';
import { actionsOf } from '../../plan/actions.ts';
import type { Action, Plan } from '../../plan/types.ts';
import type { Item, Match } from './types.ts';

/** A certificate of the project as it is on disk. */
export interface OwnedCertificate {
  readonly owner: OwnerId;
  readonly path: string;
  /** Undefined while there is none that can be read. */
  readonly facts: CertificateFacts | undefined;
  /** The names that the configuration wants; empty for the root. */
  readonly wanted: readonly AltName[];
}

/** The actions of one owner, in the order of execution; empty for one that is not declared. */
export function actionsFor(plan: Plan, owner: OwnerId): Action[] {
  return declaredActions(plan).filter(({ target }) => target.owner === owner);
}

export function declaredActions(plan: Plan): Action[] {
  return actionsOf(plan).flatMap((action) => (action.kind === 'remove' ? [] : [action]));
}

export function declared(action: Action): Match {
  const { owner, artifact, path } = action.target;
  return {
    code: 'declared',
    owner,
    artifact,
    path,
    action: action.kind,
    reasons: 'reasons' in action ? action.reasons : [],
  };
}

/** What the plan says of the file at `path`; `same` compares paths behind links. */
export function matchPath(plan: Plan, path: string, same: (left: string, right: string) => boolean): Match[] {
  return declaredActions(plan)
    .filter((action) => same(action.target.path, path))
    .map(declared);
}

/** Which certificates of the project the items belong to, by what they are and not by where they lie. */
export function matchOwned(items: readonly Item[], owned: readonly OwnedCertificate[]): Match[] {
  const first = firstCertificate(items);
  if (first) return onDisk(owned.filter(({ facts }) => facts?.fingerprint === first.fingerprint));
  return items.flatMap((item) => {
    if (item.kind !== 'key' && item.kind !== 'request') return [];
    const { publicKey } = item.facts;
    return owned
      .filter(({ facts }) => publicKey !== undefined && facts?.publicKey === publicKey)
      .map(({ owner, path }): Match => ({ code: 'key-of', owner, path }));
  });
}

/** Whether a server that was asked for `name` shows the certificate that the project has for it. */
export function matchServed(served: CertificateFacts, name: string, owned: readonly OwnedCertificate[]): Match[] {
  const same = owned.filter(({ facts }) => facts?.fingerprint === served.fingerprint);
  if (same.length > 0) return onDisk(same);
  return owned
    .filter(({ wanted }) => coversName(wanted, name))
    .map(({ owner, path }): Match => ({ code: 'on-disk', owner, path, same: false }));
}

function onDisk(owned: readonly OwnedCertificate[]): Match[] {
  return owned.map(({ owner, path }) => ({ code: 'on-disk', owner, path, same: true }));
}

export function firstCertificate(items: readonly Item[]): CertificateFacts | undefined {
  return items.find((item) => item.kind === 'certificate')?.facts;
}

/** A client that asks for this name or address accepts a certificate of these names. */
export function coversName(names: readonly AltName[], asked: string): boolean {
  const parsed = parseName(asked);
  return 'name' in parsed && names.some((name) => covers(name, parsed.name));
}
