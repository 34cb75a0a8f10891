import { expect, test } from 'vitest';
import { ReadFault, type Files } from '../../kernel/ports.ts';
import { detectProject } from './detect.ts';

/** A folder that holds these texts and nothing else. */
function folderOf(texts: Readonly<Record<string, string>>): Files {
  return {
    entry: () => undefined,
    read: (path) => {
      const text = texts[path.replace(/^.*[\\/]/, '')];
      if (text === 'unreadable') throw new ReadFault('EACCES', path);
      return text === undefined ? undefined : Buffer.from(text);
    },
    list: () => Object.keys(texts),
    readLink: () => undefined,
    realPath: (path) => path,
  };
}

const detect = (texts: Readonly<Record<string, string>>): unknown[] =>
  detectProject(folderOf(texts), '/project').map(({ kind, file }) => `${kind} in ${file}`);

test('an empty folder says nothing', () => {
  expect(detect({})).toEqual([]);
});

test.each([
  ['{"name":"rocket.chat"}', ['rocket.chat in package.json']],
  [
    '{"name":"@rocket.chat/meteor","devDependencies":{"vite":"^8"}}',
    ['rocket.chat in package.json', 'vite in package.json'],
  ],
  ['{"dependencies":{"@rocket.chat/apps-engine":"1"}}', ['rocket.chat in package.json']],
  ['{"dependencies":{"next":"16"}}', ['next in package.json']],
  ['{"name":"not-rocket.chat","dependencies":{"vitest":"1","next-auth":"1"}}', []],
  ['[]', []],
  ['{"name":7,"dependencies":"vite"}', []],
  ['not json', []],
  ['unreadable', []],
])('package.json %s', (text, found) => {
  expect(detect({ 'package.json': text })).toEqual(found);
});

test.each([
  'rocketchat/rocket.chat:latest',
  'registry.rocket.chat/rocketchat/rocket.chat:7.0.0',
  '${IMAGE:-registry.rocket.chat/rocketchat/rocket.chat}:${RELEASE:-latest}',
  'rocket.chat',
])('the image %s is Rocket.Chat', (image) => {
  expect(detectProject(folderOf({ 'compose.yml': `services:\n  chat:\n    image: ${image}\n` }), '/p')).toEqual([
    { kind: 'rocket.chat', file: 'compose.yml', port: 3000, services: ['chat'] },
  ]);
});

test('another image of the same registry is not', () => {
  expect(detect({ 'compose.yml': 'services:\n  db:\n    image: registry.rocket.chat/mongo\n' })).toEqual([
    'compose in compose.yml',
  ]);
});

test('of several compose files, the one that Docker takes', () => {
  const text = 'services:\n  web:\n    image: nginx\n';
  expect(detect({ 'docker-compose.yml': text, 'compose.yaml': text })).toEqual(['compose in compose.yaml']);
});
