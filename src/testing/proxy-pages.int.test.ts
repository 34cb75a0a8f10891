import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SERVERS } from '../reverse-proxy/registry.ts';
import { scratchProject } from './project.ts';

const folder = fileURLToPath(new URL('../../docs/reverse-proxies', import.meta.url));
const pages = readdirSync(folder).filter((name) => name !== 'README.md');

it.each(pages)('docs/reverse-proxies/%s declares what apply makes, and names what it makes', async (name) => {
  const page = readFileSync(join(folder, name), 'utf8');
  const config = /```ts\n(.*?)```/s.exec(page)?.[1] ?? '';
  // The group is one of the server's machine.
  const literal = /defineConfig\((.*)\);/s.exec(config)?.[1]?.replaceAll(/, group: '\w+'/g, '') ?? '';
  // A hook has no terminal that could ask for a password.
  expect(page).not.toMatch(/\['sudo', '(?!-n')/);
  const project = scratchProject({});
  project.remove('rcssl.config.json');
  project.write('rcssl.config.mjs', `export default { ca: { key: 'ecdsa-p256' }, ...${literal} };\n`);
  const { actions, plan } = await project.plan();
  const made = actions.map((action) => ('target' in action ? action.target.path : action.path));
  expect(plan.proxies).toHaveLength(1);
  for (const [, path = ''] of page.matchAll(/`(?:"\$PWD\/)?(proxy\/[\w.]+|certs\/[\w.]+)"?`/g)) {
    expect(made, path).toContain(project.path(path));
  }
  for (const [, path = ''] of page.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
    expect(() => readFileSync(join(dirname(join(folder, name)), path)), path).not.toThrow();
  }
});

it('each server has its page, and each page is named', () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  for (const page of pages) expect(readme).toContain(`](${page})`);
  const all = pages.map((page) => readFileSync(join(folder, page), 'utf8')).join('\n');
  for (const server of SERVERS) expect(all).toMatch(new RegExp(`['\`]${server}['\`]`));
});
