import { ReadFault, type Exec } from '../kernel/ports.ts';
import { PkiError } from '../pki/pki-error.ts';
import { placesKnown, type Registry } from './registry.ts';
import { storeNamed } from './stores.ts';
import type { StoreId } from './store-ids.ts';
import { StoreFault, type Absence, type Place, type Standing, type TrustPorts, type TrustRoot } from './types.ts';

/** What a command said that did not do what it was for. */
export interface Fault {
  readonly argv: readonly string[];
  readonly output: string;
}

/** A place, and how each root stands in it, by fingerprint. */
export interface PlaceLook {
  readonly place: Place;
  readonly standings: ReadonlyMap<string, Standing | { readonly fault: Fault }>;
}

export interface StoreLook {
  readonly store: StoreId;
  readonly found: { readonly places: readonly PlaceLook[] } | { readonly skip: Absence } | { readonly fault: Fault };
}

/**
 * Asks every one of these stores about every root, one after the other. Reads only; what fails is a fault in its place, but
 * for a signal, which throws its reason.
 */
export async function lookAt(
  ports: TrustPorts,
  stores: readonly StoreId[],
  roots: readonly TrustRoot[],
  registry: Registry,
  signal?: AbortSignal,
): Promise<StoreLook[]> {
  const once = { ...ports, exec: asked(ports.exec, signal) };
  const looks: StoreLook[] = [];
  for (const store of stores) {
    looks.push(await lookAtStore(once, store, roots, registry));
    signal?.throwIfAborted();
  }
  return looks;
}

/** The same question has the same answer during one look: Java's keystore is listed once, however many roots there are. */
function asked(exec: Exec, signal: AbortSignal | undefined): Exec {
  const answers = new Map<string, ReturnType<Exec['run']>>();
  return {
    run(argv, options) {
      const key = argv.join('\0');
      const answer = answers.get(key) ?? exec.run(argv, { ...options, ...(signal && { signal }) });
      answers.set(key, answer);
      return answer;
    },
  };
}

async function lookAtStore(
  ports: TrustPorts,
  store: StoreId,
  roots: readonly TrustRoot[],
  registry: Registry,
): Promise<StoreLook> {
  const { detect, isTrusted } = storeNamed(store);
  try {
    const found = await detect(ports, placesKnown(registry, store));
    if ('skip' in found) return { store, found };
    const places: PlaceLook[] = [];
    for (const place of found.places) {
      const standings = new Map<string, Standing | { readonly fault: Fault }>();
      for (const root of roots) standings.set(root.fingerprint, await guarded(() => isTrusted(ports, place, root)));
      places.push({ place, standings });
    }
    return { store, found: { places } };
  } catch (error) {
    return { store, found: { fault: faultOf(error) } };
  }
}

async function guarded(run: () => Promise<Standing>): Promise<Standing | { readonly fault: Fault }> {
  try {
    return await run();
  } catch (error) {
    return { fault: faultOf(error) };
  }
}

/** Of a command, or of a file that cannot be read; anything else goes on as it is. */
export function faultOf(error: unknown): Fault {
  if (error instanceof StoreFault) return { argv: error.argv, output: error.output };
  if (error instanceof ReadFault || error instanceof PkiError) return { argv: [], output: error.message };
  throw error;
}
