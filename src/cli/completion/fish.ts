import { COMMANDS, COMMAND_NAMES, commandNamed, isGroup, type CommandName } from '../commands.ts';
import { flagNamed, type FlagName } from '../flags.ts';
import { quoted } from '../../kernel/shell.ts';
import { flagMeaning } from '../help.ts';
import {
  GLOBAL,
  GROUP_NAMES,
  groupSummary,
  secondWordsOf,
  flagsFor,
  choicesOf,
  takesFiles,
  flagsThat,
} from './words.ts';

/** A condition: the command on the line is this one. */
function fishCommand(command: CommandName | undefined): string {
  if (command === undefined) return '__rcssl_command';
  const others = secondWordsOf(command).map((word) => `; and not __rcssl_command ${command} ${word}`);
  return quoted(`__rcssl_command ${command}${others.join('')}`);
}

function fishFlag(name: FlagName, command?: CommandName): string {
  const { short, completes, type } = flagNamed(name);
  const files =
    completes === 'file' ? '-r -F' : `-x${completes === 'folder' ? " -a '(__fish_complete_directories)'" : ''}`;
  const meaning = quoted(flagMeaning(name, command && commandNamed(command)));
  const form = `${short === undefined ? '' : `-s ${short} `}-l ${name}`;
  return `-n ${fishCommand(command)} ${form}${type === 'boolean' ? '' : ` ${files}`} -d ${meaning}`;
}

export function fishScript(): string {
  const lines = COMMAND_NAMES.flatMap((name) => {
    const here = `-n ${fishCommand(name)}`;
    const [group, second] = name.split(' ');
    // Where the first word is a command too, the second is among what that may be followed by.
    const word = isGroup(group ?? '') ? second : undefined;
    if (second !== undefined && word === undefined) return flagsFor(name).map((flag) => fishFlag(flag, name));
    const before = word === undefined ? '__rcssl_command; or __rcssl_command help' : `__rcssl_command ${group} ''`;
    const choices = choicesOf(name);
    const argument = takesFiles(name)
      ? [`${here} -F`]
      : choices.length > 0
        ? [`${here} -a '${choices.join(' ')}'`]
        : [];
    return [
      `-n "${before}" -a ${word ?? name} -d ${quoted(COMMANDS[name].summary)}`,
      ...argument,
      ...flagsFor(name).map((flag) => fishFlag(flag, name)),
    ];
  });
  const groups = GROUP_NAMES.map(
    (group) => `-n '__rcssl_command; or __rcssl_command help' -a ${group} -d ${quoted(groupSummary(group))}`,
  );
  const withValue = flagsThat((name) => GLOBAL.includes(name) && flagNamed(name).type === 'string');
  const several = flagsThat((name) => flagNamed(name).multiple === true && flagNamed(name).completes === 'file');
  return `# fish completion of rcssl, made by: rcssl completion fish
function __rcssl_command -d 'the command on the line is of these words, or there is none yet'
    set -l before
    set -l words
    for word in (commandline -opc)
        if set -q before[1]; and not contains -- $before ${withValue.replaceAll('|', ' ')}; and not string match -q -- '-*' $word
            set -a words $word
        end
        set before $word
    end
    # An empty word at the end: there is no other yet.
    set -a words ''
    set -q argv[1]; or set argv ''
    set -l depth (count $argv)
    test "$words[1..$depth]" = "$argv"
end
function __rcssl_further_files -d 'the last flag takes several files'
    set -l flags (string match -- '-*' (commandline -opc))
    string match -rq -- '^(${several})(=|$)' "$flags[-1]"
end
complete -c rcssl -f
complete -c rcssl -n __rcssl_further_files -F
${[...GLOBAL.map((flag) => fishFlag(flag)), ...groups, ...lines].map((line) => `complete -c rcssl ${line}`).join('\n')}
`;
}
