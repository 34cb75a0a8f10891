import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** docs/dependencies.md against the lock file: what somebody gets who installs rcssl. */

const inRoot = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

interface Locked {
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(inRoot('package-lock.json')) as { packages: Record<string, Locked> };
const nameOf = (path: string): string => path.replace(/^.*node_modules\//, '');
const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
const page = inRoot('docs/dependencies.md');

it('each package that is installed with rcssl is justified', () => {
  const names = production.map(([path]) => nameOf(path));
  expect(names).toContain('node-forge');
  expect(names.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
});

it('none of them has an install script', () => {
  // The field is there where one has: that of the development's own Node.
  expect(packages['node_modules/node']?.hasInstallScript).toBe(true);
  expect(production.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
});
