import type { Computer } from '../kernel/ports.ts';
import type { Fault, PlaceLook, StoreLook } from './look.ts';
import { placeOf, placesOf, type Registry } from './registry.ts';
import { commandOf, type ShownCommand } from './run.ts';
import { storeNamed } from './stores.ts';
import type { StoreId } from './store-ids.ts';
import type { Absence, Needs, Place, Standing, Step, TrustRoot } from './types.ts';

/** Why nothing is done in a place, as a fact; `report` has the words. */
export type SkipReason =
  | Absence
  /** Only where somebody names it. */
  | { readonly code: 'named-only' }
  /** `--user`. */
  | { readonly code: 'needs-root' }
  | { readonly code: 'no-sudo' }
  | { readonly code: 'needs-dialog' }
  /** It is made from the system's store, which is not changed now. */
  | { readonly code: 'fed' }
  /** The certificate is there under another nickname, and not trusted. */
  | { readonly code: 'without-trust'; readonly name: string; readonly at: string }
  /** Somebody else put it there. */
  | { readonly code: 'not-ours' }
  /** It could not be asked, and rcssl has put nothing there. */
  | { readonly code: 'silent'; readonly output: string };

/** What becomes of a root in a place. */
export interface TrustLine {
  readonly store: StoreId;
  readonly title: string;
  /** Undefined where the store has no place here. */
  readonly at: string | undefined;
  /** The fingerprint of the root that it is about. */
  readonly root: string;
  /** `keep`: it is as it should be; `forget`: it is known to be there, and is not. */
  readonly change: 'add' | 'remove' | 'keep' | 'forget' | 'skip' | 'fault';
  readonly skip?: SkipReason;
  readonly fault?: Fault;
  /** The system's store brings it about. */
  readonly fed?: true;
  /** Of a removal: rcssl put the root there, by its registry. */
  readonly known?: true;
  readonly needs: Needs;
  /** As they will run, in order. */
  readonly commands: readonly ShownCommand[];
}

export interface TrustWish {
  /** Roots to be trusted … */
  readonly add: readonly TrustRoot[];
  /** … and those to be trusted no longer, as far as rcssl put them there. */
  readonly remove: readonly TrustRoot[];
  /** Stores that somebody has named; undefined: those that are always meant. */
  readonly named: readonly StoreId[] | undefined;
  /** Nothing that needs root. */
  readonly userOnly: boolean;
  /** Somebody can answer a window of the system. */
  readonly canAsk: boolean;
  /** A command can be given the rights of root. */
  readonly canRoot: boolean;
}

/**
 * The lines that bring a wish about, in the order in which they are carried out: in each store first what comes, then
 * what goes, so that nothing is untrusted in between. Pure.
 */
export function planTrust(
  wish: TrustWish,
  looks: readonly StoreLook[],
  registry: Registry,
  computer: Computer,
): TrustLine[] {
  const planned: TrustLine[] = [];
  for (const look of looks) {
    for (const root of wish.add)
      planned.push(...linesOf(look, root, (at) => addition(wish, at, root, planned), computer));
    for (const root of wish.remove)
      planned.push(
        ...linesOf(
          look,
          root,
          (at) => removal(wish, registry, at, root),
          computer,
          placesOf(registry, root, look.store),
        ),
      );
  }
  return planned;
}

/** A place of a store, and how a root stands in it. */
interface Spot extends Pick<PlaceLook, 'place'> {
  readonly store: StoreId;
  readonly standing: Standing;
}

type Decision = Pick<TrustLine, 'change' | 'skip' | 'fed'> & { readonly steps?: readonly Step[] };

function linesOf(
  { store, found }: StoreLook,
  { fingerprint }: TrustRoot,
  decide: (spot: Spot) => Decision | undefined,
  computer: Computer,
  /** Of a removal: where it was put. */
  known?: readonly string[],
): TrustLine[] {
  const { title } = storeNamed(store);
  const base = { store, title, at: undefined, root: fingerprint, needs: 'nothing' as const, commands: [] };
  const isKnown = (yes: boolean) => (yes ? { known: true as const } : {});
  const fault = (of: Fault, yes: boolean): Pick<TrustLine, 'change' | 'fault' | 'skip' | 'known'> =>
    known && !yes
      ? { change: 'skip', skip: { code: 'silent', output: of.output } }
      : { change: 'fault', fault: of, ...isKnown(yes) };
  const isAnywhere = known !== undefined && known.length > 0;
  if ('fault' in found) return [{ ...base, ...fault(found.fault, isAnywhere) }];
  if ('skip' in found) {
    const { skip } = found;
    return skip.code === 'elsewhere' ? [] : [{ ...base, change: 'skip', skip, ...isKnown(isAnywhere) }];
  }
  const lines = found.places.flatMap(({ place, standings }): TrustLine[] => {
    const isHere = known?.includes(place.at) ?? false;
    const here = { ...base, at: place.at, ...isKnown(isHere) };
    const standing = standings.get(fingerprint) ?? { trusted: false };
    if ('fault' in standing) return [{ ...here, ...fault(standing.fault, isHere) }];
    const decision = decide({ store, place, standing });
    if (!decision) return [];
    const { steps = [], ...rest } = decision;
    const isChange = rest.change === 'add' || rest.change === 'remove';
    const commands = steps.map((step) => commandOf(step, computer));
    return [{ ...here, ...rest, commands, needs: isChange ? place.needs : 'nothing' }];
  });
  const isLost = (at: string) => !found.places.some(({ place }) => place.at === at);
  const lost = (known ?? []).filter(isLost).map((at): TrustLine => ({ ...base, at, change: 'forget' }));
  return [...lines, ...lost];
}

function addition(
  wish: TrustWish,
  { store, place, standing }: Spot,
  root: TrustRoot,
  planned: readonly TrustLine[],
): Decision {
  if (standing.trusted) return { change: 'keep' };
  const { name } = standing;
  if (name !== undefined && name !== root.id) return skipped({ code: 'without-trust', name, at: place.at });
  if (!isChosen(wish, store)) return skipped({ code: 'named-only' });
  if (place.fed) {
    const isFed = planned.some(
      ({ change, needs, root: of }) => of === root.fingerprint && change === 'add' && needs === 'root',
    );
    return isFed ? { change: 'add', fed: true } : skipped({ code: 'fed' });
  }
  return obstacle(wish, place) ?? { change: 'add', steps: storeNamed(store).install(place, root, standing) };
}

function isChosen({ named, userOnly }: TrustWish, store: StoreId): boolean {
  if (named) return named.includes(store);
  const { chosen } = storeNamed(store);
  return chosen === 'always' || (chosen === 'user' && userOnly);
}

/**
 * Undefined: it is not there, and nobody thinks it is. What rcssl puts somewhere has a name there, in every kind of store: one
 * that is known and trusted without it was half removed, and the steps are done again.
 */
function removal(
  wish: TrustWish,
  registry: Registry,
  { store, place, standing }: Spot,
  root: TrustRoot,
): Decision | undefined {
  const known = placeOf(registry, root, store, place.at);
  const isNameless = standing.name === undefined;
  if (isNameless && !standing.trusted) return known && { change: 'forget' };
  if (!known && !isOurs(standing, root) && !isByPolicy(registry, store, root)) return skipped({ code: 'not-ours' });
  return obstacle(wish, place) ?? { change: 'remove', steps: storeNamed(store).remove(place, root, standing) };
}

/** Nobody else gives this name, which holds the certificate's own hash. Debian's Java store has it in `debian:rcssl-….pem`. */
function isOurs({ name }: Standing, { id }: TrustRoot): boolean {
  return name?.includes(id) ?? false;
}

/** A policy of Firefox brings its certificates into the profiles that are opened meanwhile, under a name of its own. */
function isByPolicy(registry: Registry, store: StoreId, { fingerprint }: TrustRoot): boolean {
  const known = registry.find((root) => root.fingerprint === fingerprint)?.places ?? [];
  return store === 'firefox' && known.some((place) => place.store === 'firefox-policy');
}

function obstacle({ userOnly, canAsk, canRoot }: TrustWish, { needs }: Place): Decision | undefined {
  if (needs === 'root' && userOnly) return skipped({ code: 'needs-root' });
  if (needs === 'root' && !canRoot) return skipped({ code: 'no-sudo' });
  if (needs === 'dialog' && !canAsk) return skipped({ code: 'needs-dialog' });
  return undefined;
}

function skipped(skip: SkipReason): Decision {
  return { change: 'skip', skip };
}
