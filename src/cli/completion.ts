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
  // macOS has bash 3.2: no mapfile, no compopt. A name with spaces or a star stays one line, and one completion.
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
      # --config=FILE comes in three words.
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
  [[ $cur == = ]] && cur=''
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
  // Several values end at the next flag.
  const value = placeholder === undefined ? '' : `${multiple ? ':*-*' : ''}:${placeholder}:${action}`;
  const form = `--${name}${placeholder === undefined ? '' : '='}`;
  if (short !== undefined) {
    return [`-${short}`, form].map((each) => quoted(`(-${short} --${name})${each}[${meaning}]${value}`)).join(' ');
  }
  return quoted(`${multiple ? '*' : ''}${form}[${meaning}]${value}`);
}

function zshScript(): string {
  const cases = COMMAND_NAMES.map((name) => {
    const choices = choicesOf(name);
    const argument =
      choices.length > 0 ? [quoted(`1: :(${choices.join(' ')})`)] : takesFiles(name) ? [`'1: :_files'`] : [];
    const flags = flagsFor(name).map((flag) => zshFlag(flag, name));
    return `    ${name}) _arguments ${[...flags, ...argument].join(' ')} && ret=0 ;;`;
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

function fishScript(): string {
  const commands = COMMAND_NAMES.map(
    (name) => `complete -c rcssl -n __fish_use_subcommand -a ${name} -d ${quoted(COMMANDS[name].summary)}`,
  );
  const flags = COMMAND_NAMES.flatMap((name) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    const choices = choicesOf(name);
    const argument = takesFiles(name)
      ? [`${seen} -F`]
      : choices.length > 0
        ? [`${seen} -a '${choices.join(' ')}'`]
        : [];
    const lines = flagsFor(name).map((flag) => {
      const { short, completes, type } = flagNamed(flag);
      const value = type === 'boolean' ? '' : completes === undefined ? ' -x' : ' -r -F';
      const meaning = quoted(flagMeaning(flag, commandNamed(name)));
      return `${seen}${short === undefined ? '' : ` -s ${short}`} -l ${flag}${value} -d ${meaning}`;
    });
    return [...argument, ...lines].map((line) => `complete -c rcssl ${line}`);
  });
  return `# fish completion of rcssl, made by: rcssl completion fish
complete -c rcssl -f
complete -c rcssl -n __fish_use_subcommand -l help -d 'show help'
complete -c rcssl -n __fish_use_subcommand -l version -d 'show the version'
${[...commands, ...flags].join('\n')}
`;
}
