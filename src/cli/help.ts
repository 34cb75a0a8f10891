import {
  COMMANDS,
  COMMAND_NAMES,
  commandNamed,
  commandsIn,
  flagsOf,
  GROUPS,
  isGroup,
  type Command,
  type CommandName,
  type GroupName,
} from './commands.ts';
import { flagNamed, type FlagName } from './flags.ts';

const GUTTER = 2;
/** Below this the descriptions go under what they describe. */
const NARROW = 60;

/** `rcssl --help`. */
export function globalHelp(width: number): string {
  return screen([
    wrap('rcssl: development TLS certificates, built from one configuration', width),
    ['usage: rcssl COMMAND [FLAGS]'],
    ['commands:', ...table(summaries(COMMAND_NAMES), width)],
    ['flags:', ...table([flagRow('help'), flagRow('version')], width)],
    ['in a new project:', ...commandLine('npx rcssl init && npx rcssl apply', width)],
    wrap('rcssl COMMAND --help shows the flags of a command with examples', width),
  ]);
}

/** `rcssl ca --help`. */
function groupHelp(group: GroupName, width: number): string {
  const names = commandsIn(group);
  return screen([
    wrap(`usage: rcssl ${group} COMMAND [FLAGS]`, width),
    wrap(GROUPS[group], width),
    ['commands:', ...table(summaries(names), width)],
    exampleLines(
      names.map((name) => COMMANDS[name].examples[0]),
      width,
    ),
    wrap(`rcssl ${group} COMMAND --help shows the flags of a command with examples`, width),
  ]);
}

function summaries(names: readonly CommandName[]): [string, string][] {
  return names.map((name) => [name, COMMANDS[name].summary]);
}

function exampleLines(examples: readonly Command['examples'][0][], width: number): string[] {
  return [
    'examples:',
    ...examples.flatMap(({ line, what }) => [
      ...commandLine(line, width),
      ...wrap(what, width - 4).map((text) => `    ${text}`),
    ]),
  ];
}

/** `rcssl COMMAND --help`; the name is known. */
export function commandHelp(name: string, width: number): string {
  if (isGroup(name)) return groupHelp(name, width);
  const command = commandNamed(name);
  if (!command) return globalHelp(width);
  const { argument, flags, examples, about, summary } = command;
  const all = flagsOf(command);
  const shared = all.slice(flags.length);
  return screen([
    wrap(usage(name as CommandName), width),
    wrap(`${sentence(summary)} ${about}`, width),
    argument ? ['argument:', ...table([[argument.placeholder, argument.description]], width)] : [],
    flags.length > 0
      ? [
          'flags:',
          ...table(
            flags.map((flag) => flagRow(flag, command)),
            width,
          ),
        ]
      : [],
    [
      'flags of every command:',
      ...table(
        shared.map((flag) => flagRow(flag, command)),
        width,
      ),
    ],
    exampleLines(examples, width),
  ]);
}

/** `usage: rcssl inspect FILE|HOST|URL [FLAGS]`; behind somebody else's command line no flag is ours. */
export function usage(name: CommandName): string {
  const { argument } = commandNamed(name) ?? {};
  if (argument?.rest) return `usage: rcssl ${name} [FLAGS] ${argument.placeholder}`;
  return `usage: rcssl ${name}${argument ? ` ${argument.placeholder}` : ''} [FLAGS]`;
}

/** `-q, --quiet`, `--only HOST…`. */
export function flagSyntax(name: FlagName): string {
  const { short, placeholder, multiple } = flagNamed(name);
  const value = placeholder === undefined ? '' : ` ${placeholder}${multiple ? '...' : ''}`;
  return `${short === undefined ? '' : `-${short}, `}--${name}${value}`;
}

/** What a flag does in this command. */
export function flagMeaning(name: FlagName, command?: Command): string {
  return command?.meanings?.[name] ?? flagNamed(name).description;
}

function flagRow(name: FlagName, command?: Command): [string, string] {
  return [flagSyntax(name), flagMeaning(name, command)];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function screen(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function table(rows: readonly [string, string][], width: number): string[] {
  const column = Math.max(...rows.map(([left]) => left.length)) + GUTTER;
  return rows.flatMap(([left, right]) => {
    if (width < NARROW) return [`  ${left}`, ...wrap(right, width - 6).map((line) => `      ${line}`)];
    const [first = '', ...rest] = wrap(right, width - column - 2);
    return [`  ${left.padEnd(column)}${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(column + 2) + line)];
  });
}

/** Broken where it is too long as a shell reads it, so that it can be copied. */
function commandLine(line: string, width: number): string[] {
  const parts = line.length <= width - 4 ? [line] : wrap(line, width - 8);
  return parts.map((part, index) => {
    const more = index < parts.length - 1;
    return `${index === 0 ? '  $ ' : '      '}${part}${more ? ' \\' : ''}`;
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ').filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
