import { defineConfig } from 'tsdown';
import { asciiOnly, builtinsUnwrapped, withoutCosmiconfigLoaders } from './scripts/lean-start.ts';
import { thirdPartyLicenses } from './scripts/third-party-licenses.ts';

/** Bundled, since every start needs them and loading them from node_modules costs more than the whole run. */
const BUNDLED = ['acorn', 'cosmiconfig', 'env-paths', 'import-fresh', 'js-yaml', 'argparse', 'zod'];

export default defineConfig({
  // A thread has a file of its own.
  entry: {
    bin: 'src/cli/bin.ts',
    index: 'src/index.ts',
    node: 'src/node.ts',
    'load-worker': 'src/config/load/worker.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22',
  fixedExtension: false,
  // Commands are lazy chunks; their names carry no hash, so that traces and reviews can be read.
  hash: false,
  dts: true,
  deps: { onlyBundle: BUNDLED, onlyImport: ['age-encryption', 'chokidar', 'listr2', 'node-forge', 'qr'] },
  plugins: [withoutCosmiconfigLoaders(), builtinsUnwrapped(), asciiOnly(), thirdPartyLicenses()],
  // What the commands of every day need is two files and not a dozen: each costs a resolution and a read.
  outputOptions: {
    comments: { annotation: false, jsdoc: false, legal: false },
    codeSplitting: {
      groups: [
        { name: 'main', test: /src[\\/]cli[\\/]main\.ts$/, priority: 2 },
        { name: 'core', test: /src[\\/]cli[\\/]commands[\\/](?:apply|plan|check|status)\.ts$/, priority: 1 },
      ],
    },
  },
  report: false,
});
