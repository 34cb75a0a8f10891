import type { TrustEnvironment } from '../engine/environment.ts';
import { pathFrom } from '../kernel/path.ts';
import { quoted } from '../kernel/shell.ts';
import { diagnosticsJson } from './diagnostics.ts';

/** How an assignment is written for whoever reads it. */
type Spelling = (name: string, value: string) => string;

/** A value that all readers of `.env` files take as it stands. */
const BARE = /^[\w@%+:,./=-]+$/;

/** The readers of `rcssl env`; each value comes out as it went in, whatever stands in it. */
export const SPELLINGS = {
  bash: (name, value) => `export ${name}=${quoted(value)}`,
  zsh: (name, value) => `export ${name}=${quoted(value)}`,
  // fish(1), "Quotes": in single quotes only these two are escaped.
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
  // about_Quoting_Rules: it is doubled, and so are the typographic ones, which count as the same.
  powershell: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`,
  // There is no one standard: Node, dotenv and Compose agree on what is quoted, Docker's --env-file takes quotes for letters.
  dotenv: (name, value) => `${name}=${BARE.test(value) ? value : dotenvQuoted(value)}`,
  // What is appended to $GITHUB_ENV; a value of several lines stands between two lines that are not in it.
  github: (name, value) => (/[\r\n]/.test(value) ? heredoc(name, value) : `${name}=${value}`),
} as const satisfies Record<string, Spelling>;

export type SpellingName = keyof typeof SPELLINGS;

function dotenvQuoted(value: string): string {
  // Single quotes and backticks hold everything but themselves; in double ones `$` and `\` would mean something.
  const quote = ["'", '`'].find((each) => !value.includes(each));
  return quote === undefined ? `"${value.replaceAll(/["\\$]/g, String.raw`\$&`)}"` : `${quote}${value}${quote}`;
}

function heredoc(name: string, value: string): string {
  let end = 'RCSSL';
  while (value.includes(end)) end += '_';
  return `${name}<<${end}\n${value}\n${end}`;
}

/** The assignments, a line each. */
export function environmentText({ variables }: Pick<TrustEnvironment, 'variables'>, spelling: SpellingName): string {
  return Object.entries(variables)
    .map(([name, value]) => `${SPELLINGS[spelling](name, value)}\n`)
    .join('');
}

/** The value of `rcssl env --json`. */
export function environmentJson({ root, config, variables, diagnostics }: TrustEnvironment): object {
  return {
    formatVersion: 1,
    command: 'env',
    root,
    config: pathFrom(root, config),
    variables,
    diagnostics: diagnosticsJson(diagnostics, root),
  };
}
