// node apply-unsynced.mjs CACHE: `rcssl apply` in the working directory without waiting for the disk, which the command
// has no flag for. The compile cache is what the command switches on by itself.
import module from 'node:module';

module.enableCompileCache(process.argv[2]);
const { apply } = await import('../dist/index.js');
const { complete } = await apply({ durable: false });
if (!complete) throw new Error('not all was made');
