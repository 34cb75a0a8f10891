import { execFileSync } from 'node:child_process';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireProgram } from '../testing/programs.ts';
import { environmentText, SPELLINGS, type SpellingName } from './environment.ts';

/** What a path may hold: everything but NUL. */
const HOSTILE = [
  "it's",
  '"so"',
  '$HOME `id` $(id)',
  'a\\b\\',
  '\\',
  'a b',
  '# no',
  "'\\''",
  'ü ’quoted‘',
  '!! *',
  'a\nb',
  '-x',
];

const values = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: fc.constantFrom(...`ab '"\\$\`#!*=;&|~{}()<>%\u2019ü`), minLength: 1, maxLength: 20 }),
);

const text = (spelling: SpellingName, all: readonly string[]): string =>
  environmentText({ variables: Object.fromEntries(all.map((value, i) => [`V${i}`, value])) }, spelling);

/** The values that a shell has after it has read the text, by way of a program that it starts. */
function readBy(shell: readonly string[], script: string, count: number): string[] {
  const print = `for (let i = 0; i < ${count}; i++) process.stdout.write(process.env['V' + i] + '\\0')`;
  const [program = '', ...args] = shell;
  const node = script + `"${process.execPath}" -e "${print}"\n`;
  const said = execFileSync(program, [...args, node], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
  });
  return said.split('\0').slice(0, -1);
}

const SHELLS = {
  bash: ['bash', '--norc', '-c'],
  zsh: ['zsh', '-f', '-c'],
  fish: ['fish', '--no-config', '-c'],
} as const;

describe.each(Object.entries(SHELLS))('what is printed for %s', (name, shell) => {
  requireProgram(name);

  it('is read as it was meant, whatever stands in it', () => {
    const spelling = name as keyof typeof SHELLS;
    // One process for all: a shell takes its time to start.
    const all = [...HOSTILE, ...fc.sample(values, 300)];
    expect(readBy(shell, text(spelling, all), all.length)).toEqual(all);
  });
});

it('of a .env file is read by Node as it was meant', () => {
  fc.assert(
    fc.property(values, (value) => {
      // Quotes of all three kinds in one path are beyond Node: there is no way to write it.
      fc.pre(!["'", '`', '"'].every((quote) => value.includes(quote)));
      fc.pre(!(value.includes("'") && value.includes('`')));
      expect(parseEnv(text('dotenv', [value]))).toEqual({ V0: value });
    }),
  );
});

it('of a .env file needs no quotes for common paths: Docker takes them for letters', () => {
  expect(text('dotenv', ['/home/a/my-app_1/.rcssl/exec/system.pem'])).toBe(
    'V0=/home/a/my-app_1/.rcssl/exec/system.pem\n',
  );
});

it('for GitHub Actions is a line, or stands between lines that are not in it', () => {
  expect(text('github', ["/a b/it's $x"])).toBe("V0=/a b/it's $x\n");
  expect(text('github', ['a\nRCSSL\nEVIL=1'])).toBe('V0<<RCSSL_\na\nRCSSL\nEVIL=1\nRCSSL_\n');
});

it('for PowerShell has every single quote twice, typographic ones too, since they count as such', () => {
  expect(SPELLINGS.powershell('V', "it's ’so‘ $x `y")).toBe("$env:V = 'it''s ’’so‘‘ $x `y'");
});
