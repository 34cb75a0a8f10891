import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { expect, it } from 'vitest';
import { Secret } from './secret.ts';

const secret = new Secret('hunter2');

it.each<[how: string, seen: () => unknown]>([
  ['a template', () => `${secret}`],
  ['a sum', () => '' + String(secret)],
  ['toLocaleString', () => secret.toLocaleString()],
  ['join', () => [secret, [secret]].join()],
  ['JSON', () => JSON.stringify({ secret, list: [secret] })],
  ['inspect', () => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
  ['inspect without our word', () => inspect(secret, { customInspect: false, showHidden: true, getters: true })],
  ['format', () => format('%s %o %O %j %d', secret, secret, secret, secret, secret)],
  ['an error message', () => new Error(`cannot use ${secret}`).stack],
  ['the cause of an error', () => inspect(new Error('x', { cause: secret }))],
  ['the errors of an aggregate', () => inspect(new AggregateError([secret, { secret }]))],
  ['its properties', () => inspect([Reflect.ownKeys(secret), Object.entries(secret), { ...secret }])],
  ['a clone', () => inspect(structuredClone(secret), { showHidden: true })],
  ['serialised bytes', () => serialize({ secret }).toString('latin1')],
])('is not shown by %s', (_, seen) => {
  expect(seen()).not.toMatch(/hunter2|68 ?75 ?6e/i);
});

it('is shown to who asks by name', () => {
  expect(inspect(secret.reveal())).toContain('68 75 6e');
});
