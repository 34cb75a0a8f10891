import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { fromJSONSchema } from 'zod';
import type { InitResult } from '../engine/init.ts';
import { initJson, initText } from './init.ts';

const cwd = resolve('/project');
const result: InitResult = {
  config: join(cwd, 'rcssl.config.ts'),
  found: [
    { kind: 'vite', file: 'package.json', port: 5173, services: [] },
    { kind: 'rocket.chat', file: 'compose.yml', port: 3000, services: ['rocketchat', 'mongodb'] },
  ],
  ignore: { path: join(cwd, '.gitignore'), created: true, added: ['/certs/*.key', '/.rcssl/'] },
};

test('at 80 columns', () => {
  expect(initText(result, { width: 80, command: 'npx rcssl' }))
    .toBe(`wrote rcssl.config.ts  (found: Vite in package.json, Rocket.Chat in compose.yml)
wrote .gitignore       + /certs/*.key, /.rcssl/

next: npx rcssl apply
`);
});

test('at 40 columns the details go under their file', () => {
  const text = initText(result, { width: 40, command: 'npx rcssl' });
  expect(text).toBe(`wrote rcssl.config.ts
  (found: Vite in package.json,
  Rocket.Chat in compose.yml)
wrote .gitignore
  + /certs/*.key, /.rcssl/

next: npx rcssl apply
`);
});

test('nothing found, nothing to ignore', () => {
  const quiet = { ...result, found: [], ignore: { ...result.ignore, created: false, added: [] } };
  expect(initText(quiet, { width: 80, command: 'npx rcssl' })).toBe(`wrote rcssl.config.ts
kept  .gitignore       it has every line already

next: npx rcssl apply
`);
});

test.each([
  [['web'], 'service web in compose.yml'],
  [['web', 'db'], '2 services in compose.yml'],
])('a compose file of %j', (services, text) => {
  const found = [{ kind: 'compose', file: 'compose.yml', port: undefined, services }] as const;
  expect(initText({ ...result, found }, { width: 80, command: 'rcssl' })).toContain(`(found: ${text})`);
});

test('the JSON fits its schema', () => {
  const schema = fromJSONSchema(JSON.parse(readFileSync('schema/output.schema.json', 'utf8')));
  const json: unknown = JSON.parse(JSON.stringify(initJson(result, cwd)));
  expect(schema.parse(json)).toEqual(json);
  expect(json).toMatchObject({ config: 'rcssl.config.ts', ignore: { path: '.gitignore' }, next: ['rcssl apply'] });
});
