/** Where a configuration may be, in each folder, in this order; in `package.json` it is the property `rcssl`. */
export const SEARCH_PLACES = [
  'rcssl.config.ts',
  'rcssl.config.mts',
  'rcssl.config.js',
  'rcssl.config.mjs',
  'rcssl.config.cjs',
  'rcssl.config.json',
  'rcssl.config.yaml',
  'rcssl.config.yml',
  '.rcsslrc',
  '.rcsslrc.json',
  '.rcsslrc.yaml',
  '.rcsslrc.yml',
  'package.json',
] as const;
