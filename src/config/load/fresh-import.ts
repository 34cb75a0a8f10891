import { realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, resolve as resolvePath } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { silenceLoaderWarnings } from './warnings.ts';

export interface FreshImport {
  readonly run: () => Promise<Readonly<Record<string, unknown>>>;
  /** Every file that was read, absolute; it grows while the import runs. */
  readonly files: readonly string[];
  /** Takes the hooks away; call it once the configuration has settled, since its functions may import too. */
  readonly done: () => void;
}

/** `dist/index.js` where rcssl is bundled, `src/index.ts` where it runs from its source. */
const SELF = new URL(import.meta.url.endsWith('.ts') ? '../../index.ts' : './index.js', import.meta.url).href;

const QUERY = 'rcssl';
let generation = 0;

/**
 * Imports a module anew, with all that it imports outside of node_modules: ES modules are cached by their whole URL, so
 * each import gives them another query. The bare `rcssl` is this rcssl, wherever it runs from, so that a configuration
 * loads where nothing is installed (`npx rcssl apply`). `onFile` is told of all it imports,
 * also by the names of links, and of what is not there.
 */
export function freshImport(file: string, text: string, onFile?: (path: string) => void): FreshImport {
  generation += 1;
  const real = realpathSync(file);
  const files = real === file ? [file] : [file, real];
  files.forEach((path) => onFile?.(path));
  const tag = String(generation);
  const url = pathToFileURL(real);
  url.searchParams.set(QUERY, tag);
  // Most of the cost is in the hooks: a configuration that imports nothing has none.
  const hooks = /\b(?:import|require|from)\b/.test(text)
    ? registerHooks({ resolve: resolver(files, tag, onFile) })
    : undefined;
  const unsilence = silenceLoaderWarnings();
  return {
    files,
    run: async () => (await import(url.href)) as Record<string, unknown>,
    done: () => {
      hooks?.deregister();
      unsilence();
      const { cache } = createRequire(import.meta.url);
      for (const read of files) delete cache[read];
    },
  };
}

type Resolve = NonNullable<Parameters<typeof registerHooks>[0]['resolve']>;

function resolver(files: string[], tag: string, onFile: ((path: string) => void) | undefined): Resolve {
  const seen = new Set(files);
  return (specifier, context, next) => {
    const parent = context.parentURL?.startsWith('file:') ? fileURLToPath(context.parentURL) : undefined;
    if (parent === undefined || !seen.has(parent)) return next(specifier, context);
    if (specifier === 'rcssl') return { url: SELF, shortCircuit: true };
    // By the name that it has here: a link may come to lead elsewhere, a file that is not there may come.
    if (/^\.{0,2}\//.test(specifier)) onFile?.(resolvePath(dirname(parent), specifier));
    const resolved = next(specifier, context);
    if (!resolved.url.startsWith('file:') || resolved.url.includes('/node_modules/')) return resolved;
    const file = fileURLToPath(resolved.url);
    if (!seen.has(file)) {
      seen.add(file);
      files.push(file);
      onFile?.(file);
    }
    // require() looks its cache up by the file's name; `done` clears that one.
    if (context.conditions.includes('require')) return resolved;
    const url = new URL(resolved.url);
    url.searchParams.set(QUERY, tag);
    return { ...resolved, url: url.href };
  };
}
