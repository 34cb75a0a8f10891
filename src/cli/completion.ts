import { COMMANDS, COMMAND_NAMES, commandNamed, flagsOf, type CommandName } from './commands.ts';
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
    return `    ${name}) flags='${longs(flagsFor(name))}'${argument} ;;`;
  });
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
          '') [[ -n $command ]] || command=$word ;;
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
    '' | help) flags='${longs(GLOBAL)}' words='${COMMAND_NAMES.join(' ')}' ;;
${cases.join('\n')}
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
  const cases = COMMAND_NAMES.map((name) => {
    const choices = choicesOf(name);
    const argument =
      choices.length > 0 ? `1: :(${choices.join(' ')})` : takesFiles(name) ? '1: :_files' : `*: :{${furtherFiles}}`;
    const flags = flagsFor(name).map((flag) => zshFlag(flag, name));
    return `    ${name}) _arguments ${[...flags, quoted(argument)].join(' ')} && ret=0 ;;`;
  });
  const commands = COMMAND_NAMES.map((name) => quoted(`${name}:${COMMANDS[name].summary}`));
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

function fishFlag(name: FlagName, command?: CommandName): string {
  const { short, completes, type } = flagNamed(name);
  const files =
    completes === 'file' ? '-r -F' : `-x${completes === 'folder' ? " -a '(__fish_complete_directories)'" : ''}`;
  const meaning = quoted(flagMeaning(name, command && commandNamed(command)));
  const form = `${short === undefined ? '' : `-s ${short} `}-l ${name}`;
  return `-n '${['__rcssl_command', ...(command ? [command] : [])].join(' ')}' ${form}${type === 'boolean' ? '' : ` ${files}`} -d ${meaning}`;
}

function fishScript(): string {
  const lines = COMMAND_NAMES.flatMap((name) => {
    const here = `-n '__rcssl_command ${name}'`;
    const choices = choicesOf(name);
    const argument = takesFiles(name)
      ? [`${here} -F`]
      : choices.length > 0
        ? [`${here} -a '${choices.join(' ')}'`]
        : [];
    return [
      `-n '__rcssl_command; or __rcssl_command help' -a ${name} -d ${quoted(COMMANDS[name].summary)}`,
      ...argument,
      ...flagsFor(name).map((flag) => fishFlag(flag, name)),
    ];
  });
  const withValue = flagsThat((name) => GLOBAL.includes(name) && flagNamed(name).type === 'string');
  const several = flagsThat((name) => flagNamed(name).multiple === true && flagNamed(name).completes === 'file');
  return `# fish completion of rcssl, made by: rcssl completion fish
function __rcssl_command -d 'the command on the line is this one, or there is none yet'
    set -l before
    for word in (commandline -opc)
        if set -q before[1]; and not contains -- $before ${withValue.replaceAll('|', ' ')}; and not string match -q -- '-*' $word
            test "$word" = "$argv[1]"
            return
        end
        set before $word
    end
    test -z "$argv[1]"
end
function __rcssl_further_files -d 'the last flag takes several files'
    set -l flags (string match -- '-*' (commandline -opc))
    string match -rq -- '^(${several})(=|$)' "$flags[-1]"
end
complete -c rcssl -f
complete -c rcssl -n __rcssl_further_files -F
${[...GLOBAL.map((flag) => fishFlag(flag)), ...lines].map((line) => `complete -c rcssl ${line}`).join('\n')}
`;
}
