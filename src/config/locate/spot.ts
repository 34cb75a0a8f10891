import type { Path } from '../path.ts';

/** Where a value stands in a text: offsets, from whatever language it was read. */
export interface Spot {
  /** Of the key, where the value belongs to one. */
  readonly key: number | undefined;
  readonly value: number;
  readonly children: ReadonlyMap<PropertyKey, Spot>;
  /** Parts of it are computed: what is not found may be there all the same. */
  readonly computed: boolean;
}

/**
 * The offset to show for a path: the key of an unknown key, else the value; the innermost object that is there for
 * something that is missing. Undefined for what is computed.
 */
export function offsetOf(top: Spot, path: Path, at: 'key' | 'value'): number | undefined {
  let spot = top;
  for (const step of path) {
    const child = spot.children.get(step);
    if (!child) return spot.computed ? undefined : spot.value;
    spot = child;
  }
  return at === 'key' ? (spot.key ?? spot.value) : spot.value;
}
