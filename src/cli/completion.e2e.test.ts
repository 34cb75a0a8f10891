import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { COMMANDS, COMMAND_NAMES, commandNamed, commandsIn, flagsOf, type CommandName } from './commands.ts';
import { SHELLS } from './completion.ts';

let base = '';

/** A project with names that shells trip over, one of them a command's; and the scripts, outside of it. */
beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'rcssl-completion-')));
  for (const folder of ['home', 'fpath', 'project/a folder', 'project/plan']) {
    mkdirSync(join(base, folder), { recursive: true });
  }
  for (const file of ['plain.crt', 'x y.crt', 'st*r.crt']) writeFileSync(join(base, 'project', file), '');
  for (const [shell, script] of Object.entries(SHELLS)) writeFileSync(join(base, shell), script());
  writeFileSync(join(base, 'fpath/_rcssl'), SHELLS.zsh());
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The lines that a program prints, run in the project. */
function lines(program: string, ...args: readonly string[]): string[] {
  const text = execFileSync(program, args, {
    cwd: join(base, 'project'),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 30_000,
    // Nobody's own completions, and nothing left in anybody's home.
    env: { PATH: process.env['PATH'], HOME: join(base, 'home'), TERM: 'xterm', LC_ALL: 'C.UTF-8' },
  });
  // Going up, back to the prompt, ends a line too.
  return stripVTControlCharacters(text.replaceAll(/\u001B\[\d*A/g, '\n'))
    .replaceAll('\r', '')
    .split('\n')
    .filter(Boolean);
}

function longFlags(name: CommandName): string[] {
  const command = commandNamed(name);
  return (command ? flagsOf(command) : []).map((flag) => `--${flag}`).sort();
}

/** `name  -- summary`: what zsh and fish show, with their own sign between; of `ca` that of its commands. */
function described(sign: string): string[] {
  const group = `ca${sign}commands: list, backup, restore`;
  return [group, ...commandsIn(undefined).map((name) => `${name}${sign}${COMMANDS[name].summary}`)].sort();
}

function describedInGroup(sign: string): string[] {
  return commandsIn('ca')
    .map((name) => `${name.slice('ca '.length)}${sign}${COMMANDS[name].summary}`)
    .sort();
}

const GLOBAL = ['--config', '--cwd', '--help', '--json', '--quiet', '--verbose', '--version'];

describe('bash', () => {
  requireProgram('bash');

  /** Completes the last of the words, which readline has cut: at `=` too, but for bash 3.2. */
  function complete(...words: readonly string[]): string[] {
    const script =
      'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _rcssl; printf "%s\\n" "${COMPREPLY[@]}"';
    return lines('bash', '--norc', '--noprofile', '-c', script, 'bash', join(base, 'bash'), ...words).sort();
  }

  it('has it registered', () => {
    const [registered] = lines('bash', '--norc', '-c', 'source "$1"; complete -p rcssl', 'bash', join(base, 'bash'));
    expect(registered).toBe('complete -F _rcssl rcssl');
  });

  it.each([[['']], [['--cwd', 'plan', '']], [['--cwd', '=', 'plan', '']], [['--json', '']], [['help', '']]])(
    'completes the command: %j',
    (words) => {
      expect(complete('rcssl', ...words)).toEqual([...commandsIn(undefined), 'ca'].sort());
    },
  );

  it('completes the flags before the command', () => {
    expect(complete('rcssl', '--')).toEqual(GLOBAL);
  });

  it.each(COMMAND_NAMES)('completes the flags of %s', (name) => {
    expect(complete('rcssl', ...name.split(' '), '--')).toEqual(longFlags(name));
  });

  it.each([[['--cwd', 'app', 'apply', '--dry']], [['apply', '--only', 'plan', '--dry']], [['apply', 'plan', '--dry']]])(
    'knows which word is the command: %j',
    (words) => {
      expect(complete('rcssl', ...words)).toEqual(['--dry-run']);
    },
  );

  it.each([
    [['plan', '--config', 'p']],
    [['plan', '--config', '=', 'p']],
    [['plan', '--config=p']],
    [['--config', 'p']],
    [['apply', '--adopt', 'p']],
    [['apply', '--adopt', 'x y.crt', 'p']],
    [['inspect', 'p']],
    [['ca', 'restore', 'p']],
    [['ca', 'backup', 'x', '--passphrase-file', 'p']],
  ])('completes files: %j', (words) => {
    expect(complete('rcssl', ...words)).toEqual(['plain.crt', 'plan']);
  });

  it('completes files where nothing stands after the =', () => {
    expect(complete('rcssl', 'plan', '--config', '=')).toContain('plain.crt');
  });

  it.each([[['plan', '--cwd', '']], [['plan', '--cwd', '=']], [['--cwd', '']]])('completes folders: %j', (words) => {
    expect(complete('rcssl', ...words)).toEqual(['a folder', 'plan']);
  });

  it.each(['x', 'st'])('leaves a name with odd signs in one piece: %s', (start) => {
    expect(complete('rcssl', 'inspect', start)).toHaveLength(1);
  });

  it.each([[['plan', '--only', '']], [['plan', '--only', 'a', '']], [['check', '--within', '']]])(
    'has nothing for a value that it cannot know: %j',
    (words) => {
      expect(complete('rcssl', ...words)).toEqual([]);
    },
  );

  it('completes flags after several values', () => {
    expect(complete('rcssl', 'plan', '--only', 'a', 'b', '--fo')).toEqual(['--force']);
  });

  it('completes a choice', () => {
    expect(complete('rcssl', 'completion', '')).toEqual(['bash', 'fish', 'zsh']);
  });

  it('completes the second word of a command', () => {
    expect(complete('rcssl', 'ca', '')).toEqual(['backup', 'list', 'restore']);
    expect(complete('rcssl', '--cwd', 'app', 'ca', 're')).toEqual(['restore']);
    expect(complete('rcssl', 'ca', 'list', '')).toEqual(longFlags('ca list'));
  });
});

describe('zsh', () => {
  requireProgram('zsh');

  const SOURCED = 'autoload -U compinit; compinit -u -d "$base/sourced"; source "$base/zsh"';
  const FROM_FPATH = 'fpath=("$base/fpath" $fpath); autoload -U compinit; compinit -u -d "$base/from-fpath"';

  /** What Tab makes of a line in an interactive shell on a terminal of its own: the line then, and what is listed. */
  function complete(line: string, setup = SOURCED): { line: string | undefined; listed: string[] } {
    const inner = `base='${base}'; PS1= ; stty cols 200 rows 60; ${setup}
tab() { zle complete-word; zle -R; print -r -- $'\\n'"<<$BUFFER>>" }
zle -N tab; bindkey '^X' tab; print READY`;
    writeFileSync(join(base, 'setup.zsh'), inner);
    const outer = `zmodload zsh/zpty; zpty shell 'zsh -f -i'
zpty -w shell "source '$1/setup.zsh'"; zpty -r shell out '*READY*'
zpty -w -n shell "$2"$'\\x18'; zpty -r shell out '*<<*>>*'; print -r -- "$out"; zpty -d shell`;
    const printed = lines('zsh', '-f', '-c', outer, 'zsh', base, line);
    return {
      line: /<<(.*)>>/.exec(printed.join('\n'))?.[1],
      listed: printed.filter((text) => !text.includes('<<')).map((text) => text.replace(/ +-- /, ' -- ').trim()),
    };
  }

  it('can read it', () => {
    expect(lines('zsh', '-n', join(base, 'zsh'))).toEqual([]);
  });

  it('lists the commands with what they do', () => {
    expect(complete('rcssl ').listed).toEqual(expect.arrayContaining(described(' -- ')));
    expect(complete('rcssl ca ').listed).toEqual(expect.arrayContaining(describedInGroup(' -- ')));
  });

  it.each(['init', 'apply', 'check', 'ca list', 'ca backup'] as const)('lists the flags of %s', (name) => {
    const flags = complete(`rcssl ${name} --`).listed.flatMap((text) => /^--\S+(?= -- )/.exec(text)?.[0] ?? []);
    expect(flags).toEqual(longFlags(name));
  });

  it('shows brackets and colons of a description as they are', () => {
    const { listed } = complete('rcssl plan --');
    expect(listed).toContain('--force -- a new key and certificate though nothing is wrong; ca:NAME is the root');
  });

  it.each([
    ['rcssl pl', 'rcssl plan '],
    ['rcssl --cwd plan ap', 'rcssl --cwd plan apply '],
    ['rcssl --js', 'rcssl --json '],
    ['rcssl --json apply --dry', 'rcssl --json apply --dry-run '],
    ['rcssl plan --conf', 'rcssl plan --config='],
    ['rcssl plan --config=plai', 'rcssl plan --config=plain.crt '],
    ['rcssl plan --config plai', 'rcssl plan --config plain.crt '],
    ['rcssl plan --cwd a', String.raw`rcssl plan --cwd a\ folder/`],
    ['rcssl plan --adopt plai', 'rcssl plan --adopt plain.crt '],
    ['rcssl plan --adopt a plai', 'rcssl plan --adopt a plain.crt '],
    ['rcssl plan --only plai', 'rcssl plan --only plai'],
    ['rcssl plan --only a plai', 'rcssl plan --only a plai'],
    ['rcssl plan --only a b --fo', 'rcssl plan --only a b --force='],
    ['rcssl plan --only a --on', 'rcssl plan --only a --only='],
    ['rcssl plan -q --quie', 'rcssl plan -q --quie'],
    ['rcssl inspect x', String.raw`rcssl inspect x\ y.crt `],
    ['rcssl completion f', 'rcssl completion fish '],
    ['rcssl ca re', 'rcssl ca restore '],
    ['rcssl --json ca re', 'rcssl --json ca restore '],
    ['rcssl ca restore x', String.raw`rcssl ca restore x\ y.crt `],
    ['rcssl ca backup x --passphrase-file plai', 'rcssl ca backup x --passphrase-file plain.crt '],
  ])('%s becomes %s', (line, wanted) => {
    expect(complete(line).line).toBe(wanted);
  });

  it('takes it from $fpath, at the first Tab', () => {
    expect(complete('rcssl pl', FROM_FPATH).line).toBe('rcssl plan ');
  });
});

describe('fish', () => {
  requireProgram('fish');

  function complete(line: string): string[] {
    const script = 'source $argv[1]; complete -C $argv[2]';
    return lines('fish', '--no-config', '-c', script, join(base, 'fish'), line).sort();
  }

  const words = (line: string): string[] => complete(line).map((text) => text.split('\t')[0] ?? '');

  it('can read it', () => {
    expect(lines('fish', '--no-execute', join(base, 'fish'))).toEqual([]);
  });

  it.each(['rcssl ', 'rcssl --cwd plan ', 'rcssl --cwd=plan ', 'rcssl --json ', 'rcssl help '])(
    'lists the commands with what they do: %s',
    (line) => {
      expect(complete(line)).toEqual(described('\t'));
    },
  );

  it('lists the second words of a command with what they do', () => {
    for (const line of ['rcssl ca ', 'rcssl --cwd plan ca ']) expect(complete(line)).toEqual(describedInGroup('\t'));
    expect(words('rcssl ca list ')).toEqual([]);
  });

  it('lists the flags before the command', () => {
    expect(words('rcssl --')).toEqual(GLOBAL);
  });

  it.each(COMMAND_NAMES)('lists the flags of %s', (name) => {
    expect(words(`rcssl ${name} --`)).toEqual(longFlags(name));
  });

  it('says what a flag does in the command at hand', () => {
    expect(complete('rcssl init --js')).toEqual([`--json\t${COMMANDS.init.meanings.json}`]);
  });

  it.each([
    ['rcssl --cwd app apply --dry', ['--dry-run']],
    ['rcssl apply --only plan --dry', ['--dry-run']],
    ['rcssl inspect plan --dry', []],
  ])('knows which word is the command: %s', (line, wanted) => {
    expect(words(line)).toEqual(wanted);
  });

  it.each([
    ['rcssl plan --config p', ['plain.crt', 'plan/']],
    ['rcssl plan --config=p', ['--config=plain.crt', '--config=plan/']],
    ['rcssl apply --adopt p', ['plain.crt', 'plan/']],
    ['rcssl apply --adopt a p', ['plain.crt', 'plan/']],
    ['rcssl apply --adopt=a p', ['plain.crt', 'plan/']],
    ['rcssl inspect p', ['plain.crt', 'plan/']],
    ['rcssl ca restore p', ['plain.crt', 'plan/']],
    ['rcssl --cwd ', ['a folder/', 'plan/']],
    ['rcssl plan --cwd p', ['plan/']],
  ])('completes paths: %s', (line, wanted) => {
    expect(words(line)).toEqual(wanted);
  });

  it.each(['rcssl plan p', 'rcssl plan --only p', 'rcssl plan --only a p', 'rcssl check --within p'])(
    'has nothing where a path is not wanted: %s',
    (line) => {
      expect(complete(line)).toEqual([]);
    },
  );

  it('completes a choice', () => {
    expect(words('rcssl completion ')).toEqual(['bash', 'fish', 'zsh']);
  });
});
