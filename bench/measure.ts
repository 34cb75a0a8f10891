/** Milliseconds. */
export interface Times {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One of the things that are compared. */
export interface Variant {
  readonly name: string;
  /** Not timed; before every run. */
  readonly prepare?: () => Promise<void>;
  /** Gives its milliseconds. */
  readonly run: () => Promise<number>;
}

/**
 * Times every variant once a round, so that what else the machine does hits all alike; each round begins with another
 * one, so that none always runs behind the same. One round before the first warms the caches and is not counted.
 */
export async function measure(variants: readonly Variant[], rounds: number): Promise<ReadonlyMap<string, Times>> {
  const all = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const shift = round % Math.max(1, variants.length);
    for (const { name, prepare, run } of [...variants.slice(shift), ...variants.slice(0, shift)]) {
      await prepare?.();
      const ms = await run();
      if (round > 0) all.get(name)?.push(ms);
    }
  }
  return new Map([...all].map(([name, times]) => [name, timesOf(times)]));
}

export function timesOf(all: readonly number[]): Times {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}
