import type { Artifact } from '../desired/types.ts';
import type { Files } from '../kernel/ports.ts';

const LIMIT = 16 * 1024 * 1024;

/** The ids of the groups that outputs name, by the group file (group(5)); undefined where the machine has none of that name. */
export function resolveGroups(
  artifacts: readonly Artifact[],
  files: Files,
): ReadonlyMap<string | number, number | undefined> {
  const named = artifacts.flatMap(({ group, folder }) => [group, folder.group]);
  const wanted = new Set(named.filter((group) => group !== undefined));
  if (wanted.size === 0) return new Map();
  const text = files.read('/etc/group', LIMIT)?.toString('utf8');
  if (text === undefined) return new Map(); // Windows has no such groups: outputs keep the one they are born with
  const lines = text.split('\n');
  const known = new Map(lines.map((line) => line.split(':')).map(([name, , id]) => [name, Number(id)]));
  return new Map([...wanted].map((group) => [group, typeof group === 'number' ? group : known.get(group)]));
}
