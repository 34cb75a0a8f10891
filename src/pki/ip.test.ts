import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cidrCovers, formatCidr, formatIp, maskOf, parseCidr, parseIp } from './ip.ts';

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
// Zeros are common in addresses and rare in random bytes.
const ipv6 = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])));
const ip = fc.oneof(ipv4, ipv6);

describe('addresses', () => {
  test.each([
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['::', '::'],
    ['fe80::', 'fe80::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::FFFF:c000:201', '::ffff:192.0.2.1'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['127.0.0.1', '127.0.0.1'],
  ])('%s is written %s (RFC 5952)', (text, canonical) => {
    const bytes = parseIp(text);
    expect(bytes && formatIp(bytes)).toBe(canonical);
  });

  test.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    '1:2',
    ':::',
    '1::2::3',
    '12345::',
    'fe80::1%eth0',
    '[::1]',
    '1:2:3:4:5:6:7::8:9',
    '1:2:3:4:5:6:7:8::',
    '::1.2.3',
    '1.2.3.4::',
    ':1:2:3:4:5:6:7',
  ])('%j is no address', (text) => expect(parseIp(text)).toBeUndefined());

  test('every address comes back from its text, and the text is as URLs have it', () => {
    fc.assert(
      fc.property(ip, (bytes) => {
        const text = formatIp(bytes);
        expect(parseIp(text)).toEqual(bytes);
        // WHATWG URL follows RFC 5952 but for section 5, the dotted end of mapped addresses.
        const host = bytes.length === 4 ? text : `[${text}]`;
        if (!text.startsWith('::ffff:')) expect(new URL(`http://${host}/`).hostname).toBe(host);
      }),
    );
  });

  test('what Node takes for an address, and nothing else, is one', () => {
    const piece = fc.constantFrom('0', '1', 'f', 'ffff', ':', '::', '.', '255', '10', 'a', '00');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(parseIp(text) !== undefined).toBe(isIP(text) !== 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('ranges', () => {
  test.each(['10.0.0.1/8', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/08', 'fe80::1/10', '::/129', '10.0.0.0/8/8', 'x/8'])(
    '%s is none',
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );

  test('the mask of a prefix', () => {
    expect([...maskOf({ bytes: new Uint8Array(4), prefix: 12 })]).toEqual([255, 240, 0, 0]);
    expect([...maskOf({ bytes: new Uint8Array(4), prefix: 0 })]).toEqual([0, 0, 0, 0]);
    expect([...maskOf({ bytes: new Uint8Array(4), prefix: 32 })]).toEqual([255, 255, 255, 255]);
  });

  test('an address lies in a range exactly where Node says so', () => {
    fc.assert(
      fc.property(ip, ip, fc.nat(128), (base, address, length) => {
        const prefix = Math.min(length, base.length * 8);
        const range = parseCidr(formatCidr({ bytes: base, prefix }));
        expect(range).toBeDefined();
        const list = new BlockList();
        const family = (bytes: Uint8Array): 'ipv4' | 'ipv6' => (bytes.length === 4 ? 'ipv4' : 'ipv6');
        list.addSubnet(formatIp(base), prefix, family(base));
        // Node takes IPv4 and its mapped form for one; certificates do not.
        fc.pre(family(base) === family(address));
        const inside = cidrCovers({ bytes: base, prefix }, { bytes: address, prefix: address.length * 8 });
        expect(inside).toBe(list.check(formatIp(address), family(address)));
      }),
    );
  });
});
