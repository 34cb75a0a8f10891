import { fail } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../kernel/near-miss.ts';
import type { System, World } from '../../kernel/ports.ts';
import { scriptFor } from '../../trust/script.ts';
import { open } from './trust.ts';
import type { ScriptOptions } from './types.ts';

const SYSTEMS = ['linux', 'macos', 'windows'] as const satisfies readonly System[];

/** A script for another machine, with the root's certificate in it. Reads only. Throws `trust-no-root` and `cli-bad-choice`. */
export async function trustScript(
  world: World,
  options: ScriptOptions,
): Promise<{ readonly os: System; readonly script: string }> {
  const { os: word = world.computer().system } = options;
  const os = SYSTEMS.find((system) => system === word);
  if (!os) return fail('cli-bad-choice', { argument: word, choices: SYSTEMS, near: nearest(word, SYSTEMS) });
  const { live, ca } = await open(world, options);
  return live ? { os, script: scriptFor(os, live) } : fail('trust-no-root', { name: ca.name });
}
