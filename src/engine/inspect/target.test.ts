import { expect, test } from 'vitest';
import { RcsslError } from '../../diagnostics/diagnostic.ts';
import { formatEndpoint, resolveTarget, type Known } from './target.ts';

const known = (files: readonly string[] = [], owners: Known['owners'] = undefined): Known => ({
  existingFile: (asked) => (files.includes(asked) ? `/project/${asked}` : undefined),
  owners,
});

const owners = [
  { id: 'ca:Development Root', name: 'Development Root' },
  { id: 'host:chat.local', name: 'chat.local' },
  { id: 'host:bücher.test', name: 'bücher.test' },
] as const;

test('an existing file wins over a declared host, and that over a server', () => {
  expect(resolveTarget('chat.local', known(['chat.local'], owners))).toEqual({
    kind: 'file',
    path: '/project/chat.local',
  });
  expect(resolveTarget('chat.local', known([], owners))).toEqual({ kind: 'owner', id: 'host:chat.local' });
  expect(resolveTarget('chat.local:443', known(['chat.local:443']))).toMatchObject({ kind: 'file' });
});

test.each([
  ['ca:Development Root', 'ca:Development Root'],
  ['host:chat.local', 'host:chat.local'],
  ['CHAT.local', 'host:chat.local'],
  ['xn--bcher-kva.test', 'host:bücher.test'],
])('%s names %s', (asked, id) => {
  expect(resolveTarget(asked, known([], owners))).toEqual({ kind: 'owner', id });
});

test.each([
  ['https://chat.local', 'chat.local', 443],
  ['https://chat.local/path?query', 'chat.local', 443],
  ['wss://chat.local:8443', 'chat.local', 8443],
  ['https://bücher.test', 'xn--bcher-kva.test', 443],
  ['https://[::1]:8443', '::1', 8443],
  ['https://127.0.0.1', '127.0.0.1', 443],
  ['chat.local:443', 'chat.local', 443],
  ['bücher.test:443', 'xn--bcher-kva.test', 443],
  ['[FE80:0::1]:443', 'fe80::1', 443],
  ['127.0.0.1:8443', '127.0.0.1', 8443],
])('%s is the server %s on port %i', (asked, host, port) => {
  expect(resolveTarget(asked, known([], owners))).toEqual({ kind: 'server', endpoint: { host, port } });
});

test.each([
  'example.com',
  'certs/nothing.crt',
  '::1',
  'chat.local:0',
  'chat.local:65536',
  'Development Root',
  'a b:443',
  '[127.0.0.1]:443',
  'https://',
  '',
])('%j is nothing that is known, and says what was tried', (asked) => {
  const error = thrown(() => resolveTarget(asked, known([], owners)));
  expect(error.diagnostics).toMatchObject([
    {
      code: 'inspect-unknown-target',
      args: { asked, tried: ['no such file', 'no declared host', 'no URL or HOST:PORT'] },
    },
  ]);
});

test('http is refused by name', () => {
  expect(thrown(() => resolveTarget('http://chat.local', known())).diagnostics[0]).toMatchObject({
    code: 'inspect-scheme',
    args: { scheme: 'http' },
  });
});

test('addresses of version 6 are shown in brackets', () => {
  expect(formatEndpoint({ host: '::1', port: 443 })).toBe('[::1]:443');
  expect(formatEndpoint({ host: 'chat.local', port: 443 })).toBe('chat.local:443');
});

function thrown(run: () => unknown): RcsslError {
  try {
    run();
  } catch (error) {
    if (error instanceof RcsslError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
