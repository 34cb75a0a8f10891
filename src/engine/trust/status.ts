import type { World } from '../../kernel/ports.ts';
import { lookAt, type StoreLook } from '../../trust/look.ts';
import { placeOf, type Registry } from '../../trust/registry.ts';
import { STORE_IDS } from '../../trust/store-ids.ts';
import { storeNamed } from '../../trust/stores.ts';
import type { TrustRoot } from '../../trust/types.ts';
import { registryOf } from './change.ts';
import { knownRoot } from './roots.ts';
import { namedStores, refuseElsewhere } from './stores.ts';
import { open, shown } from './trust.ts';
import type { TrustOptions, TrustState, TrustStatusResult } from './types.ts';

/** Which stores of this computer trust the project's roots; with `all` every root that rcssl put somewhere. Reads only. */
export async function trustStatus(world: World, options: TrustOptions): Promise<TrustStatusResult> {
  const registry = registryOf(world);
  const { base, roots } = options.all ? everyRoot(world, registry, options) : await rootsHere(world, options);
  const looks = await lookAt(world, namedStores(options.stores) ?? STORE_IDS, roots, registry, options.signal);
  refuseElsewhere(options.stores, looks);
  const states = looks.flatMap((look) => roots.flatMap((root) => statesOf(look, root, registry)));
  return { ...base, now: world.clock.now(), states: [...states, ...lost(states, registry, roots)] };
}

async function rootsHere(world: World, options: TrustOptions) {
  const { base, live, former } = await open(world, options);
  return { base, roots: live ? [live, ...former] : former };
}

function everyRoot(world: World, registry: Registry, { cwd: root }: TrustOptions) {
  const { dataFolder } = world.machine();
  const { home } = world.computer();
  const roots = registry.flatMap((known) => knownRoot(known, dataFolder));
  return {
    roots,
    base: { config: undefined, root, home, roots: shown({ live: undefined, former: roots }), diagnostics: [] },
  };
}

function statesOf({ store, found }: StoreLook, root: TrustRoot, registry: Registry): TrustState[] {
  const base = { store, title: storeNamed(store).title, at: undefined, root: root.fingerprint };
  if ('fault' in found) return [{ ...base, state: 'unknown', fault: found.fault }];
  if ('skip' in found) return found.skip.code === 'elsewhere' ? [] : [{ ...base, state: 'absent', skip: found.skip }];
  return found.places.map(({ place: { at }, standings }): TrustState => {
    const standing = standings.get(root.fingerprint) ?? { trusted: false };
    const known = placeOf(registry, root, store, at);
    const record = known && { since: known.since, project: known.project };
    if ('fault' in standing) return { ...base, at, ...record, state: 'unknown', fault: standing.fault };
    return { ...base, at, ...record, state: standing.trusted ? 'trusted' : 'untrusted' };
  });
}

/** Places of the registry that are not among those of this computer any more. */
function lost(states: readonly TrustState[], registry: Registry, roots: readonly TrustRoot[]): TrustState[] {
  return registry.flatMap(({ fingerprint: root, places }) =>
    places
      .filter(() => roots.some(({ fingerprint }) => fingerprint === root))
      .filter(({ store, at }) => !states.some((one) => one.root === root && one.store === store && one.at === at))
      .filter(({ store }) => states.some((one) => one.store === store && one.at !== undefined))
      .map(({ store, at, since, project }) => ({
        store,
        title: storeNamed(store).title,
        at,
        root,
        state: 'untrusted' as const,
        since,
        project,
      })),
  );
}
