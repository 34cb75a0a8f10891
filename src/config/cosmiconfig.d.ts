// The class behind cosmiconfig's `cosmiconfig()`, which types leave out: see load.ts for why it is used directly.
declare module 'cosmiconfig/dist/ExplorerSync.js' {
  import type { CommonOptions, CosmiconfigResult, Loader } from 'cosmiconfig';

  export class ExplorerSync {
    constructor(
      options: CommonOptions & {
        moduleName: string;
        loaders: Record<string, Loader>;
        transform: (result: CosmiconfigResult) => CosmiconfigResult;
        metaConfigFilePath: string | null;
      },
    );
    search(from: string): CosmiconfigResult;
    load(file: string): CosmiconfigResult;
  }
}
