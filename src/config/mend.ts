import type { Path } from './path.ts';

interface Mended {
  readonly input: unknown;
  /** The place of each remaining host in what the user wrote. */
  readonly kept: readonly number[];
}

/**
 * The configuration without the places that the schema refused, so that the rules can look at the rest and a user sees
 * all mistakes at once; undefined where too little remains. What the user wrote is left as it is.
 */
export function mend(input: unknown, refused: readonly Path[]): Mended | undefined {
  if (!isObject(input) || !Array.isArray(input['hosts'])) return undefined;
  const hosts: unknown[] = input['hosts'];
  const top = Object.entries(input).flatMap(([key, value]) => {
    const steps = refused.filter(([first]) => first === key).map(([, second]) => second);
    if (steps.length === 0) return [[key, value] as const];
    const splits = (key === 'ca' || key === 'defaults') && isObject(value) && !steps.includes(undefined);
    return splits ? [[key, without(value, steps)] as const] : [];
  });
  const kept: number[] = [];
  const rest: unknown[] = [];
  for (const [index, host] of hosts.entries()) {
    const steps = refused
      .filter(([first, second]) => first === 'hosts' && second === index)
      .map(([, , third]) => third);
    // Without a right name there is no host.
    if (steps.includes(undefined) || steps.includes('name')) continue;
    kept.push(index);
    rest.push(steps.length > 0 && isObject(host) ? without(host, steps) : host);
  }
  return { input: { ...Object.fromEntries(top), hosts: rest }, kept };
}

function without(value: object, keys: readonly (PropertyKey | undefined)[]): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
