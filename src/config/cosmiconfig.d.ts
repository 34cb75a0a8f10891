// The class behind cosmiconfig's `cosmiconfig()`, which types leave out: see load.ts for why it is used directly.
declare module 'cosmiconfig/dist/Explorer.js' {
  import type { CommonOptions, CosmiconfigResult, Loader } from 'cosmiconfig';

  export class Explorer {
    constructor(
      options: CommonOptions & {
        moduleName: string;
        loaders: Record<string, Loader>;
        transform: (result: CosmiconfigResult) => CosmiconfigResult;
        metaConfigFilePath: string | null;
      },
    );
    search(from: string): Promise<CosmiconfigResult>;
    load(file: string): Promise<CosmiconfigResult>;
  }
}
