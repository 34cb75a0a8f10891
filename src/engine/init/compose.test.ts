import { expect, test } from 'vitest';
import { readCompose } from './compose.ts';

test('services and their images, in the order of the file', () => {
  const text = `
# a comment
name: chat
services:
  rocketchat:
    image: \${IMAGE:-registry.rocket.chat/rocketchat/rocket.chat}:\${RELEASE}
    environment:
      image: not-this-one
  "mongo.db":   # the database
    image: 'mongo:7' # pinned
  built:
    build: .

volumes:
  data:
    image: neither
`;
  expect(readCompose(text)).toEqual([
    { name: 'rocketchat', image: '${IMAGE:-registry.rocket.chat/rocketchat/rocket.chat}:${RELEASE}' },
    { name: 'mongo.db', image: 'mongo:7' },
    { name: 'built', image: '' },
  ]);
});

test('CRLF and four columns of indentation', () => {
  expect(readCompose('services:\r\n    web:\r\n        image: nginx\r\n')).toEqual([{ name: 'web', image: 'nginx' }]);
});

test.each(['', 'services:', 'services: {}', 'web:\n  image: nginx\n', ': : :', '\t\tservices:\n'])(
  'no services in %j',
  (text) => {
    expect(readCompose(text)).toEqual([]);
  },
);
