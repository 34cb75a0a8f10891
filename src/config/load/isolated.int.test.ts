import { symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import type { RcsslError } from '../../diagnostics/diagnostic.ts';
import { scratchProject, type ScratchProject } from '../../testing/project.ts';
import { loadConfig } from '../load.ts';

/** The hosts, or the codes of what is wrong, with the files that were read or wanted. */
async function load({ folder, world }: ScratchProject): Promise<readonly [string, string]> {
  const files: string[] = [];
  const onFile = (path: string): void => void files.push(basename(path));
  const said = await loadConfig({ cwd: folder, env: world.env, isolated: true, onFile }).then(
    ({ config }) => config.hosts.map(({ name }) => name).join(),
    (error: unknown) => (error as RcsslError).diagnostics.map(({ code }) => code).join(),
  );
  return [said, [...new Set(files)].join()];
}

it('a configuration in a thread of its own is read afresh, nested modules and packages too', async () => {
  const project = scratchProject();
  project.write('rcssl.config.ts', "import { one } from './one.ts';\nexport default { hosts: one };");
  project.write(
    'one.ts',
    "import { two } from './deep/two.ts';\nimport three from 'three';\nexport const one = [two, three];",
  );
  project.write('deep/two.ts', "export const two: string = 'a.test';");
  project.write('node_modules/three/package.json', '{ "type": "module", "exports": "./index.js" }');
  project.write('node_modules/three/index.js', "export default 'three.test';");
  expect(await load(project)).toEqual(['a.test,three.test', 'rcssl.config.ts,one.ts,two.ts']);
  project.write('deep/two.ts', "export const two: string = 'b.test';");
  project.write('node_modules/three/index.js', "export default 'four.test';");
  expect(await load(project)).toEqual(['b.test,four.test', 'rcssl.config.ts,one.ts,two.ts']);
});

it('what is wrong with it comes back with every file that it read or wanted', async () => {
  const project = scratchProject();
  project.write('rcssl.config.ts', "import './one.ts';\nexport default { hosts: [] };");
  project.write('one.ts', "import './gone.ts';");
  expect(await load(project)).toEqual(['config-import-missing', 'rcssl.config.ts,one.ts,gone.ts']);
  project.write('one.ts', 'export const = 1;');
  expect(await load(project)).toEqual(['config-syntax', 'rcssl.config.ts,one.ts']);
  project.write('one.ts', 'process.exit(3);');
  expect(await load(project)).toEqual(['config-threw', 'rcssl.config.ts,one.ts']);
});

it('is known by the links that lead to it', async () => {
  const project = scratchProject();
  project.write('rcssl.config.ts', "import { one } from './link.ts';\nexport default { hosts: [one] };");
  project.write('real.ts', "export const one = 'a.test';");
  symlinkSync('real.ts', project.path('link.ts'));
  expect(await load(project)).toEqual(['a.test', 'rcssl.config.ts,link.ts,real.ts']);
});

it('a function in it is refused as anywhere', async () => {
  const project = scratchProject();
  project.write('rcssl.config.mjs', "export default { hosts: [{ name: 'a.test', validity: () => '1d' }, () => 'b'] };");
  expect(await load(project)).toEqual(['config-bad-value,config-bad-value', 'rcssl.config.mjs']);
});

it('an error that nobody catches ends the thread and not the process', async () => {
  const project = scratchProject();
  project.write(
    'rcssl.config.mjs',
    "setTimeout(() => { throw new Error('late'); }, 1);\nexport default new Promise(() => {});",
  );
  expect((await load(project))[0]).toBe('config-threw');
});
