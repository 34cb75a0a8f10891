import {
  COMMANDS,
  COMMAND_NAMES,
  commandNamed,
  commandsIn,
  flagsOf,
  GROUPS,
  type CommandName,
  type GroupName,
} from './commands.ts';
import { flagMeaning } from './help.ts';
import { flagNamed, FLAGS, SHARED, type FlagName } from './flags.ts';

export const SHELLS = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
} as const satisfies Record<string, () => string>;

export type Shell = keyof typeof SHELLS;

/** What may stand before the command. */
const GLOBAL: readonly FlagName[] = [...SHARED, 'version'];

const GROUP_NAMES = Object.keys(GROUPS) as readonly GroupName[];
/** What may follow `rcssl`. */
const FIRST_WORDS: readonly string[] = [...commandsIn(undefined), ...GROUP_NAMES];

/** What may follow a group. */
function secondWords(group: GroupName): string[] {
  return commandsIn(group).map((name) => name.slice(group.length + 1));
}

/** What the commands of a group are for, in few words. */
function groupSummary(group: GroupName): string {
  return `commands: ${secondWords(group).join(', ')}`;
}

function flagsFor(name: CommandName): readonly FlagName[] {
  const command = commandNamed(name);
  return command ? flagsOf(command) : [];
}

/** Words that an argument may be; files where the command takes any. */
function choicesOf(name: CommandName): readonly string[] {
  return commandNamed(name)?.argument?.choices ?? [];
}

function takesFiles(name: CommandName): boolean {
  return commandNamed(name)?.argument !== undefined && choicesOf(name).length === 0;
}

/** The long flags that are of a kind, as a pattern of `case`. */
function flagsThat(fits: (name: FlagName) => boolean): string {
  const names = (Object.keys(FLAGS) as FlagName[]).filter(fits);
  return names.map((name) => `--${name}`).join('|');
}

function bashScript(): string {
  const longs = (names: readonly FlagName[]): string => names.map((name) => `--${name}`).join(' ');
  const cases = COMMAND_NAMES.map((name) => {
    const argument = takesFiles(name)
      ? ' files=yes'
      : choicesOf(name).length > 0
        ? ` words='${choicesOf(name).join(' ')}'`
        : '';
    return `    ${quoted(name)}) flags='${longs(flagsFor(name))}'${argument} ;;`;
  });
  const groups = GROUP_NAMES.map(
    (group) => `    ${group}) flags='${longs(GLOBAL)}' words='${secondWords(group).join(' ')}' ;;`,
  );
  // macOS has bash 3.2: no mapfile, no compopt, and --config=FILE is one word there, where later ones make three of it.
  // A file's name stays one line, whatever signs it holds; only files get what `filenames` adds, as a slash to `plan`.
  return `# bash completion of rcssl, made by: rcssl completion bash
_rcssl_add() {
  local line
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$@" -- "$cur")
}
_rcssl_files() {
  compopt -o filenames 2>/dev/null
  _rcssl_add "$1"
}
_rcssl() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command='' flag='' word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      =) ;;
      ${flagsThat((name) => flagNamed(name).type === 'string')}) flag=$word ;;
      -*) flag='' ;;
      *)
        case $flag in
          ${flagsThat((name) => flagNamed(name).multiple === true)}) ;;
          '')
            case $command in
              '') command=$word ;;
              ${GROUP_NAMES.join('|')}) command="$command $word" ;;
            esac
            ;;
          *) flag='' ;;
        esac
        ;;
    esac
  done
  case $cur in
    =) cur='' ;;
    --*=*) flag=\${cur%%=*} cur=\${cur#*=} ;;
  esac
  if [[ -n $flag && $cur != -* ]]; then
    case $flag in
      ${flagsThat((name) => flagNamed(name).completes === 'file')}) _rcssl_files -f ;;
      ${flagsThat((name) => flagNamed(name).completes === 'folder')}) _rcssl_files -d ;;
    esac
    return
  fi
  local flags='' words='' files=no
  case $command in
    '' | help) flags='${longs(GLOBAL)}' words='${FIRST_WORDS.join(' ')}' ;;
${[...groups, ...cases].join('\n')}
  esac
  if [[ $cur == -* ]]; then _rcssl_add -W "$flags"
  elif [[ $files == yes ]]; then _rcssl_files -f
  else _rcssl_add -W "\${words:-$flags}"; fi
}
complete -F _rcssl rcssl
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

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

function zshScript(): string {
  // `--adopt a b`: what follows the first value is an argument to zsh, and belongs to the last flag.
  const several = flagsThat((name) => flagNamed(name).multiple === true && flagNamed(name).completes === 'file');
  const furtherFiles = `[[ $words[(R)-*] == (${several})* ]] && _files`;
  const caseOf = (name: CommandName, word: string): string => {
    const choices = choicesOf(name);
    const argument =
      choices.length > 0 ? `1: :(${choices.join(' ')})` : takesFiles(name) ? '1: :_files' : `*: :{${furtherFiles}}`;
    const flags = flagsFor(name).map((flag) => zshFlag(flag, name));
    return `    ${word}) _arguments ${[...flags, quoted(argument)].join(' ')} && ret=0 ;;`;
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

/** A condition: the command on the line is this one. */
function fishCommand(command: CommandName | undefined): string {
  return command === undefined ? '__rcssl_command' : quoted(`__rcssl_command ${command}`);
}

function fishFlag(name: FlagName, command?: CommandName): string {
  const { short, completes, type } = flagNamed(name);
  const files =
    completes === 'file' ? '-r -F' : `-x${completes === 'folder' ? " -a '(__fish_complete_directories)'" : ''}`;
  const meaning = quoted(flagMeaning(name, command && commandNamed(command)));
  const form = `${short === undefined ? '' : `-s ${short} `}-l ${name}`;
  return `-n ${fishCommand(command)} ${form}${type === 'boolean' ? '' : ` ${files}`} -d ${meaning}`;
}

function fishScript(): string {
  const lines = COMMAND_NAMES.flatMap((name) => {
    const here = `-n ${fishCommand(name)}`;
    const [group, word] = name.split(' ');
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
