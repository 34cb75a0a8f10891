import { diagnostic, RcsslError, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../kernel/near-miss.ts';
import type { StoreLook } from '../../trust/look.ts';
import { STORE_WORDS, type StoreId, type StoreWord } from '../../trust/store-ids.ts';
import { storesMeant } from '../../trust/stores.ts';

/** The stores that words mean; undefined without words. Throws `trust-store-unknown`, all at once. */
export function namedStores(words: readonly string[] | undefined): readonly StoreId[] | undefined {
  if (words === undefined) return undefined;
  const isKnown = (word: string): word is StoreWord => STORE_WORDS.some((known) => known === word);
  const unknown = words.filter((word) => !isKnown(word));
  if (unknown.length > 0) {
    throw new RcsslError(
      unknown.map((name): Diagnostic =>
        diagnostic('trust-store-unknown', { name, near: nearest(name, STORE_WORDS), known: STORE_WORDS }),
      ),
    );
  }
  return storesMeant(words.filter(isKnown));
}

/** Somebody has named a store by its own id that is on no system like this. Throws `trust-store-elsewhere`. */
export function refuseElsewhere(words: readonly string[] | undefined, looks: readonly StoreLook[]): void {
  const elsewhere = looks.filter(
    ({ store, found }) => words?.includes(store) && 'skip' in found && found.skip.code === 'elsewhere',
  );
  if (elsewhere.length > 0) {
    throw new RcsslError(elsewhere.map(({ store }) => diagnostic('trust-store-elsewhere', { name: store })));
  }
}
