import { parseArgs } from 'node:util';
import { fail } from '../diagnostics/diagnostic.ts';
import { nearest } from '../kernel/near-miss.ts';
import { commandNamed, COMMAND_NAMES, flagsOf, isGroup, type Command } from './commands.ts';
import { flagNamed, FLAGS, SHARED, type FlagName, type FlagValues } from './flags.ts';

/** What a command line asks for; `name` is undefined where it names no command. */
export interface Parsed {
  readonly name: string | undefined;
  readonly flags: FlagValues;
  readonly args: readonly string[];
}

/**
 * Reads a command line (without node and the script).
 * Throws `cli-unknown-command`, `cli-unknown-flag`, `cli-missing-value`, `cli-needless-value`,
 * `cli-unexpected-argument`, `cli-missing-argument` and `cli-bad-choice`.
 */
export function parseCommandLine(argv: readonly string[]): Parsed {
  const { name, rest } = takeName(argv);
  // `rcssl help plan` is what many tools answer to.
  if (name === 'help') return { ...parseCommandLine(['--help', ...rest]), flags: { help: true } };
  if (name === undefined) return { name, ...readFlags(rest, undefined, [...SHARED, 'version']) };
  if (isGroup(name)) {
    const parsed = { name, ...readFlags(rest, undefined, [...SHARED, 'version']) };
    return parsed.flags.help || parsed.flags.version ? parsed : fail('cli-no-command', { group: name });
  }
  const command = commandNamed(name);
  if (!command) return fail('cli-unknown-command', { command: name, near: nearest(name, COMMAND_NAMES) });
  const parsed = { name, ...readFlags(rest, command, [...flagsOf(command), 'version']) };
  checkArguments(name, command, parsed);
  return parsed;
}

/** The command, of two words where the first one is a group or both are one, and what is left without it. */
function takeName(argv: readonly string[]): { readonly name: string | undefined; readonly rest: readonly string[] } {
  const at = commandIndex(argv);
  const rest = argv.filter((_, index) => index !== at);
  const name = at === undefined ? undefined : argv[at];
  const next = commandIndex(rest);
  if (name === undefined || next === undefined) return { name, rest };
  const both = `${name} ${rest[next]}`;
  if (!isGroup(name) && !commandNamed(both)) return { name, rest };
  return { name: both, rest: rest.filter((_, index) => index !== next) };
}

/** The first word that is neither a flag nor the value of a shared one (`rcssl --cwd app plan`); after `--`, any word. */
function commandIndex(argv: readonly string[]): number | undefined {
  for (let index = 0; index < argv.length; index += 1) {
    const arg = argv[index] ?? '';
    if (arg === '--') return index + 1 < argv.length ? index + 1 : undefined;
    if (!arg.startsWith('-') || arg === '-') return index;
    if (SHARED.some((flag) => arg === `--${flag}` && FLAGS[flag].type === 'string')) index += 1;
  }
  return undefined;
}

function readFlags(
  argv: readonly string[],
  command: Command | undefined,
  known: readonly FlagName[],
): Omit<Parsed, 'name'> {
  const options = Object.fromEntries(known.map((name) => [name, optionFor(name)]));
  const { tokens } = parseArgs({
    args: withBareFlags(argv, command),
    options,
    strict: false,
    tokens: true,
  });
  const flags: Record<string, string | true | string[]> = {};
  const args: string[] = [];
  let list: { readonly flag: string; readonly name: FlagName; readonly values: string[] } | undefined;
  for (const token of tokens) {
    if (token.kind === 'option-terminator') list = undefined;
    else if (token.kind === 'positional') {
      // `--only a b` is `--only a --only b`: no command with such a flag has arguments of its own.
      if (list) list.values.push(givenValue(token.value, list.flag, list.name));
      else args.push(token.value);
    } else {
      const name = knownFlag(token.name, token.rawName, known, command);
      list = undefined;
      if (flagNamed(name).type === 'boolean') {
        if (token.value !== undefined) fail('cli-needless-value', { flag: token.rawName });
        flags[name] = true;
        continue;
      }
      // `--cwd --json` lacks a value; one that really begins with a dash is written `--cwd=-x`.
      const given = token.inlineValue || !token.value?.startsWith('-') ? token.value : undefined;
      const value = givenValue(given, token.rawName, name);
      if (flagNamed(name).multiple) {
        const values = [...((flags[name] as string[] | undefined) ?? []), value];
        list = { flag: token.rawName, name, values };
        flags[name] = values;
      } else flags[name] = value;
    }
  }
  return { flags: flags as FlagValues, args };
}

function optionFor(name: FlagName): { type: 'boolean' | 'string'; short?: string; multiple: boolean } {
  const { type, short, multiple } = flagNamed(name);
  return { type, ...(short !== undefined && { short }), multiple: multiple === true };
}

function givenValue(value: string | undefined, flag: string, name: FlagName): string {
  return value || fail('cli-missing-value', { flag, placeholder: flagNamed(name).placeholder ?? 'VALUE' });
}

/** A bare `check --config` is the flag that it stands for; what follows `--` is no flag. */
function withBareFlags(argv: readonly string[], { bare = {} }: Pick<Command, 'bare'> = {}): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const meant = new Map(Object.entries(bare).map(([name, other]) => [`--${name}`, `--${other}`]));
  return argv.map((arg, index) => {
    const isBare = index < end && (argv[index + 1]?.startsWith('-') ?? true);
    return (isBare && meant.get(arg)) || arg;
  });
}

function knownFlag(name: string, written: string, known: readonly FlagName[], command: Command | undefined): FlagName {
  const found = known.find((flag) => flag === name);
  if (found) return found;
  const near = nearest(name, known);
  return fail('cli-unknown-flag', { flag: written, near: near && `--${near}`, command: command && nameOf(command) });
}

function nameOf(command: Command): string | undefined {
  return COMMAND_NAMES.find((name) => commandNamed(name) === command);
}

function checkArguments(name: string, { argument }: Command, { args, flags }: Parsed): void {
  if (flags.help || flags.version) return;
  const [first, ...others] = args;
  const extra = argument ? others[0] : first;
  if (extra !== undefined) fail('cli-unexpected-argument', { argument: extra, command: name });
  if (!argument) return;
  if (first === undefined) {
    if (argument.required) fail('cli-missing-argument', { placeholder: argument.placeholder, command: name });
  } else if (argument.choices && !argument.choices.includes(first)) {
    fail('cli-bad-choice', { argument: first, choices: argument.choices, near: nearest(first, argument.choices) });
  }
}
