import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addressesIn, question } from './dns-message.ts';

/** An answer of these records (type, hex of the data), each by its whole name. */
function answer(id: number, records: readonly (readonly [name: string, type: number, data: string])[]): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x8400, 2);
  head.writeUInt16BE(records.length, 6);
  const parts = records.map(([name, type, data]) => {
    const owner = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
    const tail = Buffer.alloc(10);
    tail.writeUInt16BE(type, 0);
    tail.writeUInt16BE(0x8001, 2);
    tail.writeUInt16BE(data.length / 2, 8);
    return Buffer.concat([...owner, Buffer.alloc(1), tail, Buffer.from(data, 'hex')]);
  });
  return Buffer.concat([head, ...parts]);
}

it('reads the addresses of the name, in whatever letters, and nobody else', () => {
  const records = [
    ['other.local', 1, '0a000001'],
    ['Chat.Local', 1, 'c0a80114'],
    ['chat.local', 16, '00'],
    ['chat.local', 28, 'fd000000000000000000000000000002'],
    ['chat.local', 1, 'c0a801'],
    ['chat.local', 1, 'c0a80114'],
  ] as const;
  expect(addressesIn(answer(7, records), 7, 'chat.local')).toEqual(['192.168.1.20', 'fd00::2']);
  expect(addressesIn(answer(0, records), 7, 'chat.local')).toHaveLength(2);
  expect(addressesIn(answer(8, records), 7, 'chat.local')).toEqual([]);
});

it('has no address in a question', () => {
  const { id, bytes } = question('chat.local');
  expect(addressesIn(bytes, id, 'chat.local')).toEqual([]);
});

it('ends with nothing at whatever anybody sends: names in circles, counts that lie, any bytes', () => {
  const circle = answer(7, [['chat.local', 1, 'c0a80114']]);
  circle.writeUInt16BE(0xc00c, 12);
  expect(addressesIn(circle, 7, 'chat.local')).toEqual([]);
  const valid = answer(7, [['chat.local', 1, 'c0a80114']]);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(valid.length), (bytes, at) => {
      const changed = Buffer.concat([valid.subarray(0, at), bytes]);
      for (const message of [changed, Buffer.from(bytes)]) {
        for (const address of addressesIn(message, 7, 'chat.local')) expect(address).toMatch(/^[\d.a-f:]+$/);
      }
    }),
  );
});
