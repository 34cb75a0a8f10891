import fc from 'fast-check';

/** What means something in one language or another. */
const PIECES = [
  ...' ;#{}"\'\\$%*?[~=,`()<>|&!@^\t\n\r',
  'a',
  'ü',
  '日',
  '${HOME}',
  '{$HOME}',
  '{env.HOME}',
  '$HOME',
  '{{',
  '}}',
  '\\n',
  '\\"',
  '";',
  '\n}\n',
  '/*',
  '--',
  '%{a}',
  '\u2028',
  '\u007f',
  '\u0001',
];

const hostile = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((pieces) => pieces.join(''));

/** Names of files: each piece alone, and chance's mixtures of them. */
export function hostileNames(): string[] {
  return [...PIECES, ...fc.sample(hostile, 60)].map((name) => name.replaceAll('/', '_'));
}
