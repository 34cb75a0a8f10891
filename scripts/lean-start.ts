import type { Rolldown } from 'tsdown';

/*
 * A run with nothing to do is mostly the start of the program. These take away what it loads and never uses.
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

/** One letter beyond Latin-1 makes V8 keep the whole text of a file in two bytes a letter, and decode it slowly. */
export function asciiOnly(): Rolldown.Plugin {
  const escaped = (letter: string): string => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return {
    name: 'ascii-only',
    // At the very end: the printer would write the letters again.
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk' || !chunk.fileName.endsWith('.js')) continue;
        if (/String\.raw`[^`]*[^\u0000-\u007f]/.test(chunk.code))
          throw new Error(`${chunk.fileName}: String.raw beyond ASCII`);
        chunk.code = chunk.code.replaceAll(/[^\u0000-\u007f]/g, escaped);
      }
    },
  };
}
