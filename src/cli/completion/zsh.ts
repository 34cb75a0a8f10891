import { COMMANDS, commandNamed, commandsIn, type CommandName } from '../commands.ts';
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

/** The `optspec` of zshcompsys(1), `_arguments`. */
function zshFlag(name: FlagName, command?: CommandName): string {
  const { short, placeholder, multiple, completes } = flagNamed(name);
  const meaning = flagMeaning(name, command && commandNamed(command)).replaceAll(/[[\]:\\]/g, String.raw`\$&`);
  const action = completes === 'file' ? '_files' : completes === 'folder' ? '_files -/' : ' ';
  const value = placeholder === undefined ? '' : `:${placeholder}:${action}`;
  const form = `--${name}${placeholder === undefined ? '' : '='}`;
  if (short !== undefined) {
    return [`-${short}`, form].map((each) => quoted(`(-${short} --${name})${each}[${meaning}]${value}`)).join(' ');
  }
  return quoted(`${multiple ? '*' : ''}${form}[${meaning}]${value}`);
}

export function zshScript(): string {
  // `--adopt a b`: what follows the first value is an argument to zsh, and belongs to the last flag.
  const several = flagsThat((name) => flagNamed(name).multiple === true && flagNamed(name).completes === 'file');
  const furtherFiles = `[[ $words[(R)-*] == (${several})* ]] && _files`;
  const caseOf = (name: CommandName, word: string): string => {
    const choices = choicesOf(name);
    const argument =
      choices.length > 0 ? `1: :(${choices.join(' ')})` : takesFiles(name) ? '1: :_files' : `*: :{${furtherFiles}}`;
    const flags = flagsFor(name).map((flag) => zshFlag(flag, name));
    const plain = `_arguments ${[...flags, quoted(argument)].join(' ')} && ret=0`;
    const longer = secondWordsOf(name).map((second) => {
      const inner = caseOf(`${name} ${second}` as CommandName, second).trim();
      return `if [[ $words[2] == ${second} && CURRENT -gt 2 ]]; then shift words; (( CURRENT-- )); case ${second} in ${inner} esac; else ${plain}; fi`;
    });
    return `    ${word}) ${longer[0] ?? plain} ;;`;
  };
  const described = (name: CommandName, word: string): string => quoted(`${word}:${COMMANDS[name].summary}`);
  const groups = GROUP_NAMES.flatMap((group) => {
    const names = commandsIn(group).map((name) => [name, name.slice(group.length + 1)] as const);
    return [
      `    ${group})`,
      `      local -a words_of_${group}=(${names.map(([name, word]) => described(name, word)).join(' ')})`,
      // The words are those from the group on: what follows it is a command line of its own.
      `      if (( CURRENT == 2 )); then _describe -t commands command words_of_${group} && ret=0`,
      '      else',
      '        shift words; (( CURRENT-- ))',
      '        case $words[1] in',
      ...names.map(([name, word]) => `      ${caseOf(name, word)}`),
      '        esac',
      '      fi',
      '      ;;',
    ];
  });
  const cases = [...commandsIn(undefined).map((name) => caseOf(name, name)), ...groups];
  const commands = [
    ...commandsIn(undefined).map((name) => described(name, name)),
    ...GROUP_NAMES.map((group) => quoted(`${group}:${groupSummary(group)}`)),
  ];
  return `#compdef rcssl
# zsh completion of rcssl, made by: rcssl completion zsh
_rcssl() {
  local curcontext=$curcontext state line ret=1
  local -a commands=(${commands.join(' ')})
  _arguments -C -A '-*' ${GLOBAL.map((flag) => zshFlag(flag)).join(' ')} '1: :->command' '*:: :->rest' && ret=0
  case $state in
    command) _describe -t commands command commands && ret=0 ;;
    rest)
      case $line[1] in
${cases.map((line) => `    ${line}`).join('\n')}
      esac
      ;;
  esac
  return ret
}
# As a file of $fpath this is the function's own body; sourced, it has to be registered.
if [[ $funcstack[1] == _rcssl ]]; then _rcssl "$@"; else compdef _rcssl rcssl; fi
`;
}
