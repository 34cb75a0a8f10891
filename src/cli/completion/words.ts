import {
  COMMAND_NAMES,
  commandNamed,
  commandsIn,
  flagsOf,
  GROUPS,
  type CommandName,
  type GroupName,
} from '../commands.ts';
import { FLAGS, SHARED, type FlagName } from '../flags.ts';

/** What may stand before the command. */
export const GLOBAL: readonly FlagName[] = [...SHARED, 'version'];

export const GROUP_NAMES = Object.keys(GROUPS) as readonly GroupName[];
/** What may follow `rcssl`. */
export const FIRST_WORDS: readonly string[] = [...commandsIn(undefined), ...GROUP_NAMES];

/** What may follow a group. */
export function secondWords(group: GroupName): string[] {
  return commandsIn(group).map((name) => name.slice(group.length + 1));
}

/** What the commands of a group are for, in few words. */
export function groupSummary(group: GroupName): string {
  return `commands: ${secondWords(group).join(', ')}`;
}

export function flagsFor(name: CommandName): readonly FlagName[] {
  const command = commandNamed(name);
  return command ? flagsOf(command) : [];
}

/** The second words of commands that begin with this one, as `proxy check` with `proxy`. */
export function secondWordsOf(name: CommandName): string[] {
  return COMMAND_NAMES.filter((other) => other.startsWith(`${name} `)).map((other) => other.slice(name.length + 1));
}

/** Words that an argument may be; files where the command takes any. */
export function choicesOf(name: CommandName): readonly string[] {
  return [...(commandNamed(name)?.argument?.choices ?? []), ...secondWordsOf(name)];
}

export function takesFiles(name: CommandName): boolean {
  return commandNamed(name)?.argument !== undefined && choicesOf(name).length === 0;
}

/** The long flags that are of a kind, as a pattern of `case`. */
export function flagsThat(fits: (name: FlagName) => boolean): string {
  const names = (Object.keys(FLAGS) as FlagName[]).filter(fits);
  return names.map((name) => `--${name}`).join('|');
}
