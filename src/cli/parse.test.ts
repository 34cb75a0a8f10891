import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RcsslError } from '../diagnostics/diagnostic.ts';
import { COMMAND_NAMES, commandNamed, flagsOf } from './commands.ts';
import { FLAGS } from './flags.ts';
import { parseCommandLine } from './parse.ts';

/** What is wrong with a command line; undefined where nothing is. Any other error is not caught. */
function problem(argv: readonly string[]): { code: string; args: object } | undefined {
  try {
    parseCommandLine(argv);
    return undefined;
  } catch (error) {
    if (!(error instanceof RcsslError)) throw error;
    const [{ code, args } = { code: 'none', args: {} }] = error.diagnostics;
    return { code, args };
  }
}

const words = (line: string): string[] => line.split(' ').filter(Boolean);

describe('what a command line says', () => {
  it.each([
    ['', { name: undefined, flags: {} }],
    ['plan', { name: 'plan', flags: {} }],
    ['--json plan', { name: 'plan', flags: { json: true } }],
    ['plan --json', { name: 'plan', flags: { json: true } }],
    ['--cwd app plan', { name: 'plan', flags: { cwd: 'app' } }],
    ['--cwd=app plan', { name: 'plan', flags: { cwd: 'app' } }],
    ['--cwd plan apply', { name: 'apply', flags: { cwd: 'plan' } }],
    ['-q --config a.json apply --yes', { name: 'apply', flags: { quiet: true, config: 'a.json', yes: true } }],
    ['plan --cwd a --cwd b', { name: 'plan', flags: { cwd: 'b' } }],
    ['plan --config=a=b', { name: 'plan', flags: { config: 'a=b' } }],
    ['plan --config=-x', { name: 'plan', flags: { config: '-x' } }],
    ['--cwd a proxy', { name: 'proxy', flags: { cwd: 'a' } }],
    ['--version', { name: undefined, flags: { version: true } }],
    ['plan -v', { name: 'plan', flags: { version: true } }],
    ['-h', { name: undefined, flags: { help: true } }],
    ['-qh', { name: undefined, flags: { quiet: true, help: true } }],
    ['plan -qh', { name: 'plan', flags: { quiet: true, help: true } }],
  ])('%s', (line, wanted) => {
    expect(parseCommandLine(words(line))).toEqual({ ...wanted, args: [] });
  });

  it.each([
    ['inspect certs/a.crt', ['certs/a.crt']],
    ['inspect --json certs/a.crt', ['certs/a.crt']],
    ['--json inspect certs/a.crt', ['certs/a.crt']],
    ['inspect -- --odd-name', ['--odd-name']],
    ['inspect -', ['-']],
    ['inspect plan', ['plan']],
    ['completion bash', ['bash']],
    ['proxy nginx --listen 8443', ['nginx']],
  ])('%s has an argument', (line, args) => {
    expect(parseCommandLine(words(line)).args).toEqual(args);
  });

  it.each([
    ['ca list', { name: 'ca list', flags: {}, args: [] }],
    ['ca --json list', { name: 'ca list', flags: { json: true }, args: [] }],
    ['--cwd ca ca --config list restore x', { name: 'ca restore', flags: { cwd: 'ca', config: 'list' }, args: ['x'] }],
    ['ca backup list --passphrase-env P', { name: 'ca backup', flags: { 'passphrase-env': 'P' }, args: ['list'] }],
    ['ca --help', { name: 'ca', flags: { help: true }, args: [] }],
    ['ca list -h', { name: 'ca list', flags: { help: true }, args: [] }],
  ])('%s: a command of two words', (line, wanted) => {
    expect(parseCommandLine(words(line))).toEqual(wanted);
  });

  it.each([
    ['ca', 'cli-no-command', { group: 'ca' }],
    ['ca --json', 'cli-no-command', { group: 'ca' }],
    ['ca restor x', 'cli-unknown-command', { command: 'ca restor', near: 'ca restore' }],
    ['restore x', 'cli-unknown-command', { command: 'restore', near: 'ca restore' }],
    ['ca backup', 'cli-missing-argument', { placeholder: 'FILE', command: 'ca backup' }],
    ['ca list --passphrase-env P', 'cli-unknown-flag', {}],
  ])('%s is no command line', (line, code, args) => {
    expect(problem(words(line))).toEqual({ code, args: expect.objectContaining(args) as object });
  });

  it('takes the first word after -- as the command', () => {
    expect(parseCommandLine(['--json', '--', 'plan'])).toEqual({ name: 'plan', flags: { json: true }, args: [] });
  });

  it('knows every flag of every command', () => {
    for (const name of COMMAND_NAMES) {
      const command = commandNamed(name);
      for (const flag of command ? flagsOf(command) : []) {
        const isString = FLAGS[flag].type === 'string';
        const { flags } = parseCommandLine([...words(name), `--${flag}${isString ? '=1' : ''}`, '--help']);
        expect(flags, `${name} --${flag}`).toHaveProperty(flag);
      }
    }
  });
});

describe('a flag with several values', () => {
  it.each([
    ['plan --only a b --force c', { only: ['a', 'b'], force: ['c'] }],
    ['plan --only a --only b', { only: ['a', 'b'] }],
    ['plan --only a --json --only b c', { only: ['a', 'b', 'c'], json: true }],
    ['plan --only=a b', { only: ['a', 'b'] }],
    ['plan --only a -q', { only: ['a'], quiet: true }],
  ])('%s', (line, flags) => {
    expect(parseCommandLine(words(line))).toEqual({ name: 'plan', flags, args: [] });
  });

  it('ends at --', () => {
    expect(problem(words('plan --only a -- b'))).toEqual({
      code: 'cli-unexpected-argument',
      args: { argument: 'b', command: 'plan' },
    });
  });

  it('has no empty value, which an unset variable of a shell would be', () => {
    expect(problem(['plan', '--only', 'a', ''])?.code).toBe('cli-missing-value');
  });
});

describe('check --config', () => {
  it.each([
    ['check --config', { 'config-only': true }],
    ['check --config --json', { 'config-only': true, json: true }],
    ['--config --json check', { 'config-only': true, json: true }],
    ['check --config FILE', { config: 'FILE' }],
    ['check --config=FILE', { config: 'FILE' }],
    ['--config FILE check', { config: 'FILE' }],
    ['check --config FILE --config', { config: 'FILE', 'config-only': true }],
  ])('%s', (line, flags) => {
    expect(parseCommandLine(words(line))).toEqual({ name: 'check', flags, args: [] });
  });

  it('is a word like any other after --', () => {
    expect(problem(words('check -- --config'))?.args).toMatchObject({ argument: '--config' });
  });

  it('wants its file in every other command', () => {
    expect(problem(words('plan --config'))).toEqual({
      code: 'cli-missing-value',
      args: { flag: '--config', placeholder: 'FILE' },
    });
  });
});

describe('help', () => {
  it.each(['help plan', 'plan --help', '--help plan', '-h plan', 'help --help plan', 'help plan --json'])(
    '%s is the help of plan',
    (line) => {
      expect(parseCommandLine(words(line))).toMatchObject({ name: 'plan', flags: { help: true } });
    },
  );

  it.each(['help', 'help help', 'help --help'])('%s is the help of all', (line) => {
    expect(parseCommandLine(words(line))).toMatchObject({ name: undefined, flags: { help: true } });
  });

  it.each(['help inspect', 'inspect --help', 'completion -h'])('%s needs no argument', (line) => {
    expect(parseCommandLine(words(line)).flags.help).toBe(true);
  });

  it('of an unknown command is an error', () => {
    expect(problem(words('help plna'))).toEqual({
      code: 'cli-unknown-command',
      args: { command: 'plna', near: 'plan' },
    });
  });
});

describe('what is wrong with a command line', () => {
  it.each([
    ['plna', 'plan'],
    ['aply', 'apply'],
    ['frobnicate', undefined],
    ['-', undefined],
    ['toString', undefined],
    ['constructor', undefined],
    // Near, and no key of any object's.
    ['__proto__', 'proxy'],
  ])('unknown command %s is meant to be %s', (command, near) => {
    expect(problem([command])).toEqual({ code: 'cli-unknown-command', args: { command, near } });
  });

  it('no word at all is an unknown command too', () => {
    expect(problem([''])?.code).toBe('cli-unknown-command');
  });

  it.each([
    ['plan --onyl a', '--onyl', '--only', 'plan'],
    ['plan --Only a', '--Only', '--only', 'plan'],
    ['apply --dryrun', '--dryrun', '--dry-run', 'apply'],
    ['status --only a', '--only', undefined, 'status'],
    ['plan -x', '-x', undefined, 'plan'],
    ['plan -qx', '-x', undefined, 'plan'],
    // A letter is no long name.
    ['plan --q', '--q', undefined, 'plan'],
    ['--jsno', '--jsno', '--json', undefined],
    ['--only', '--only', undefined, undefined],
    ['plan --constructor', '--constructor', undefined, 'plan'],
    ['check --constructor', '--constructor', undefined, 'check'],
    ['check --__proto__', '--__proto__', undefined, 'check'],
  ])('%s: unknown flag %s, meant to be %s', (line, flag, near, command) => {
    expect(problem(words(line))).toEqual({ code: 'cli-unknown-flag', args: { flag, near, command } });
  });

  it.each([
    ['plan --cwd', '--cwd', 'DIR'],
    ['plan --cwd=', '--cwd', 'DIR'],
    ['plan --cwd --json', '--cwd', 'DIR'],
    ['plan --cwd -- app', '--cwd', 'DIR'],
    ['check --within -3d', '--within', 'DURATION'],
    ['plan --only', '--only', 'HOST'],
    ['plan --only --force a', '--only', 'HOST'],
    ['--cwd', '--cwd', 'DIR'],
  ])('%s: missing value', (line, flag, placeholder) => {
    expect(problem(words(line))).toEqual({ code: 'cli-missing-value', args: { flag, placeholder } });
  });

  it.each([
    ['plan --json=yes', '--json'],
    ['plan --json=', '--json'],
    ['--help=plan', '--help'],
  ])('%s: needless value', (line, flag) => {
    expect(problem(words(line))).toEqual({ code: 'cli-needless-value', args: { flag } });
  });

  it.each([
    ['plan api.local', 'api.local', 'plan'],
    ['plan apply', 'apply', 'plan'],
    ['plan --json api.local', 'api.local', 'plan'],
    ['inspect a b', 'b', 'inspect'],
  ])('%s: unexpected argument', (line, argument, command) => {
    expect(problem(words(line))).toEqual({ code: 'cli-unexpected-argument', args: { argument, command } });
  });

  it('missing argument', () => {
    expect(problem(['inspect'])).toEqual({
      code: 'cli-missing-argument',
      args: { placeholder: 'FILE|HOST|URL', command: 'inspect' },
    });
  });

  it.each([
    ['fsih', 'fish'],
    ['powershell', undefined],
  ])('%s is none of the shells', (argument, near) => {
    expect(problem(['completion', argument])).toEqual({
      code: 'cli-bad-choice',
      args: { argument, choices: ['bash', 'zsh', 'fish'], near },
    });
  });
});

describe('any command line', () => {
  const known = [...COMMAND_NAMES, 'help', ...Object.keys(FLAGS).map((flag) => `--${flag}`)];
  const word = fc.oneof(
    fc.constantFrom(...known, '--', '-', '-q', '-qh', '', '=', 'toString', '--valueOf', '--__proto__'),
    fc.constantFrom(...known).chain((flag) => fc.string().map((value) => `${flag}=${value}`)),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.string({ maxLength: 6 }).map((text) => `-${text}`),
  );

  it('parses or is refused in words', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        const refused = problem(argv);
        if (refused) expect(refused.code).toMatch(/^cli-/);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives flags of the table alone, with values of their kind', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
        if (problem(argv)) return;
        for (const [name, value] of Object.entries(parseCommandLine(argv).flags)) {
          const flag = FLAGS[name as keyof typeof FLAGS];
          const kind = 'multiple' in flag ? 'list' : flag.type;
          expect(Array.isArray(value) ? 'list' : typeof value).toBe(kind);
        }
      }),
    );
  });
});
