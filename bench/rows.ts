import type { Times } from './measure.ts';

export interface Section {
  readonly title: string;
  /** What is the same for all of them, and what is not. */
  readonly about: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly name: string;
  /** Undefined where it could not be measured; the note says why. */
  readonly times: Times | undefined;
  /** What it is compared with, and how many times as long it took by the medians. */
  readonly against?: { readonly name: string; readonly ratio: number };
  readonly target?: { readonly kind: 'at most' | 'at least'; readonly ratio: number };
  readonly note?: string;
}

type Target = NonNullable<Row['target']>;

export const atMost = (ratio: number): Target => ({ kind: 'at most', ratio });
export const atLeast = (ratio: number): Target => ({ kind: 'at least', ratio });

/** The row of a variant, compared with another one of the same rounds. */
export function rowOf(
  times: ReadonlyMap<string, Times>,
  name: string,
  against?: string,
  more: Pick<Row, 'target' | 'note'> = {},
): Row {
  const own = times.get(name);
  const other = against === undefined ? undefined : times.get(against);
  if (!own || !other || against === undefined) return { name, times: own, ...more };
  return { name, times: own, against: { name: against, ratio: own.median / other.median }, ...more };
}

/** Undefined where there is no target, or nothing to hold it against. */
export function isMet({ against, target }: Row): boolean | undefined {
  if (!against || !target) return undefined;
  return target.kind === 'at most' ? against.ratio <= target.ratio : against.ratio >= target.ratio;
}

/** A line for every target that is not met. */
export function missedTargets(sections: readonly Section[]): string[] {
  return sections.flatMap(({ title, rows }) =>
    rows
      .filter((row) => isMet(row) === false)
      .map(
        ({ name, against, target }) =>
          `${title}: ${name} takes ${against?.ratio.toFixed(2)} x ${against?.name}, wanted ${target?.kind} ${target?.ratio.toFixed(2)}`,
      ),
  );
}
