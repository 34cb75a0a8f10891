import type { Rolldown } from 'tsdown';

/*
 * A run with nothing to do is mostly the start of the program. These two take away what it loads and never uses.
 */

/** cosmiconfig only finds and reads files here, with loaders of ours: its own, with a YAML parser, are dead weight. */
export function withoutCosmiconfigLoaders(): Rolldown.Plugin {
  return {
    name: 'without-cosmiconfig-loaders',
    load: (id) => (/cosmiconfig[\\/]dist[\\/]loaders\.js$/.test(id) ? 'module.exports = {};' : undefined),
  };
}

/**
 * `import { readFileSync } from 'node:fs'` makes Node build an ES module of all that `node:fs` exports, and so run every
 * getter in it: `ReadStream` alone loads all of the streams. `process.getBuiltinModule` (Node 22.3) gives the module as
 * it is. bin.js has no imports, since older Nodes read it too.
 */
export function builtinsUnwrapped(): Rolldown.Plugin {
  const unwrapped = (_: string, names: string, module: string): string =>
    `const ${names.replaceAll(' as ', ': ')} = process.getBuiltinModule("${module}");`;
  return {
    name: 'builtins-unwrapped',
    renderChunk: {
      order: 'post',
      handler: (code) => ({
        code: code.replaceAll(/^import (\{[^}]*\}|\w+) from ?"(node:[a-z/_]+)";$/gm, unwrapped),
        map: null,
      }),
    },
  };
}
