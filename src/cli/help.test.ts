import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES, COMMANDS, commandNamed, flagsOf } from './commands.ts';
import { commandHelp, flagSyntax, globalHelp } from './help.ts';
import { parseCommandLine } from './parse.ts';

describe.each([80, 60, 59, 40])('at %i columns', (width) => {
  it.each([...COMMAND_NAMES, 'ca', undefined])('no line of the help of %s is longer', (name) => {
    const text = name === undefined ? globalHelp(width) : commandHelp(name, width);
    expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
  });

  it.each(COMMAND_NAMES)('the help of %s lists each of its flags once', (name) => {
    const command = commandNamed(name);
    const lines = commandHelp(name, width).split('\n');
    for (const flag of command ? flagsOf(command) : []) {
      const syntax = `  ${flagSyntax(flag)}`;
      const listed = lines.filter((line) => line === syntax || line.startsWith(`${syntax}  `));
      expect(listed, flag).toHaveLength(1);
    }
  });
});

describe('help', () => {
  it('lists every command', () => {
    expect(globalHelp(80).match(/(?<=^ {2})[a-z]+(?: [a-z]+)?(?= {2})/gm)).toEqual(COMMAND_NAMES);
  });

  it('says what a flag means in the command at hand', () => {
    expect(commandHelp('init', 80)).toContain(`--json       ${COMMANDS.init.meanings.json}`);
  });

  it('breaks a command line so that a shell still reads it as one', () => {
    expect(commandHelp('apply', 40)).toContain('  $ rcssl apply --only api.local \\\n      chat.local\n');
  });

  it.each(COMMAND_NAMES)('the examples of %s are command lines of it', (name) => {
    // A pipe or a substitution is for a shell to read.
    const lines = COMMANDS[name].examples.map(({ line }) => line).filter((line) => !/[|(]/.test(line));
    for (const line of lines) {
      const [program, ...argv] = line.split(' ');
      expect(program).toBe('rcssl');
      expect(parseCommandLine(argv), line).toMatchObject({ name });
    }
  });

  it('of rcssl', () => {
    expect(globalHelp(80)).toMatchInlineSnapshot(`
      "rcssl: development TLS certificates, built from one configuration

      usage: rcssl COMMAND [FLAGS]

      commands:
        init        write a first rcssl.config.ts, and git-ignore lines for its keys
        plan        show what apply would do, and why
        apply       make the files match the configuration
        watch       apply, and again whenever something changes
        check       exit 2 when something is due, for scripts and hooks
        status      list every certificate with its names, end and fingerprint
        inspect     say what a certificate, key, request or live server really is
        proxy       print a reverse proxy's configuration for the declared hosts
        ca list     list the root and those it replaced, and where each is still in
                    use
        ca backup   write the root and those it replaced into one encrypted file
        ca restore  put the roots of a backup back in their places
        completion  print a completion script for your shell

      flags:
        -h, --help     show help
        -v, --version  show the version

      in a new project:
        $ npx rcssl init && npx rcssl apply

      rcssl COMMAND --help shows the flags of a command with examples
      "
    `);
  });

  it('of rcssl apply', () => {
    expect(commandHelp('apply', 80)).toMatchInlineSnapshot(`
      "usage: rcssl apply [FLAGS]

      Make the files match the configuration. Makes what is missing, renews what is
      near its end and repairs what is damaged; everything else stays untouched. A
      root is given a new key only with leave, and files that rcssl did not write are
      never overwritten without --adopt.

      flags:
        --dry-run        show the plan and write nothing
        --only HOST...   look at these hosts and their root alone
        --force HOST...  a new key and certificate though nothing is wrong; ca:NAME is
                         the root
        --adopt PATH...  take over files that rcssl did not write; they are archived
                         before they are replaced
        --prune          remove files of rcssl that the configuration no longer
                         declares
        --yes            answer yes to questions, but never to the replacement of a
                         root
        --replace-root   allow a new key for the root, which every device must trust
                         anew
        --no-wait        fail at once where another rcssl is at work here
        --watch          go on, and do it again whenever something changes: rcssl
                         watch
        --poll           look at the files twice a second, where the system does not
                         tell of changes

      flags of every command:
        --json         print one JSON object, formatVersion 1, instead of text
        -q, --quiet    print nothing but errors
        --verbose      say more: every file, and the stack of an unexpected error
        --cwd DIR      work as if started in DIR
        --config FILE  use this configuration instead of searching for one
        -h, --help     show help

      examples:
        $ rcssl apply
          do what rcssl plan shows
        $ rcssl apply --only api.local chat.local
          two hosts alone
        $ rcssl apply --adopt certs/legacy.crt
          let rcssl own a file that something else wrote
      "
    `);
  });
});
