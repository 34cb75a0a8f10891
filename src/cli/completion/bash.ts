import { quoted } from '../../kernel/shell.ts';
import { COMMAND_NAMES } from '../commands.ts';
import { flagNamed, type FlagName } from '../flags.ts';
import {
  GLOBAL,
  GROUP_NAMES,
  FIRST_WORDS,
  secondWords,
  secondWordsOf,
  flagsFor,
  choicesOf,
  takesFiles,
  flagsThat,
} from './words.ts';

/** Commands of two words whose first is one by itself. */
const LONGER = COMMAND_NAMES.flatMap((name) => secondWordsOf(name).map((word) => `${name} ${word}`));

export function bashScript(): string {
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
            case "$command $word" in
              ${LONGER.map((name) => quoted(name)).join('|')}) command="$command $word" ;;
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
