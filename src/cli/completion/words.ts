import { commandNamed, commandsIn, flagsOf, GROUPS, type CommandName, type GroupName } from '../commands.ts';
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

/** Words that an argument may be; files where the command takes any. */
export function choicesOf(name: CommandName): readonly string[] {
  return commandNamed(name)?.argument?.choices ?? [];
}

export function takesFiles(name: CommandName): boolean {
  return commandNamed(name)?.argument !== undefined && choicesOf(name).length === 0;
}

/** The long flags that are of a kind, as a pattern of `case`. */
export function flagsThat(fits: (name: FlagName) => boolean): string {
  const names = (Object.keys(FLAGS) as FlagName[]).filter(fits);
  return names.map((name) => `--${name}`).join('|');
}
