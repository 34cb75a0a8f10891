import { COMMANDS, COMMAND_NAMES, commandNamed, type CommandName } from './commands.ts';
import { flagMeaning, flagSyntax, usage } from './help.ts';
import { SHARED, type FlagName } from './flags.ts';

/** docs/cli.md, from the same table as the parser and the help. */
export function cliDocs(): string {
  return `${[
    '# The command line',
    '<!-- Made from src/cli/commands.ts and src/cli/flags.ts; a test holds it against them. -->',
    'Exit codes: 0 fine, 1 error, 2 changes pending (`check`), 128+n on a signal. Results go to stdout, errors and warnings to stderr. Colour follows the terminal, `NO_COLOR` and `FORCE_COLOR`. Questions are asked on a terminal alone, never where `CI` is set.',
    '## Flags of every command',
    flagTable([...SHARED, 'version']),
    ...COMMAND_NAMES.flatMap(section),
  ].join('\n\n')}\n`;
}

function section(name: CommandName): string[] {
  const command = commandNamed(name);
  if (!command) return [];
  const { about, argument, flags, meanings } = command;
  // A shared flag that means something else here is told again; one of its own is told once.
  const own = [...new Set([...flags, ...(Object.keys(meanings ?? {}) as FlagName[])])];
  return [
    `## rcssl ${name}`,
    `\`\`\`\n${usage(name)}\n\`\`\``,
    `${COMMANDS[name].summary.charAt(0).toUpperCase()}${COMMANDS[name].summary.slice(1)}. ${about}`,
    ...(argument ? [`\`${argument.placeholder}\`: ${argument.description}.`] : []),
    ...(own.length > 0 ? [flagTable(own, name)] : []),
    command.examples.map(({ line, what }) => `- \`${line}\`: ${what}`).join('\n'),
  ];
}

function flagTable(flags: readonly FlagName[], name?: CommandName): string {
  const rows = flags.map((flag) => {
    const meaning = flagMeaning(flag, name && commandNamed(name));
    return `| \`${inCell(flagSyntax(flag))}\` | ${inCell(meaning)} |`;
  });
  return ['| flag | meaning |', '|---|---|', ...rows].join('\n');
}

/** GitHub's tables: a bar ends a cell, in code too. */
function inCell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
