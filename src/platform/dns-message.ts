import { randomInt } from 'node:crypto';

const TYPE = { a: 1, aaaa: 28 } as const;
const INTERNET = 1;
/** RFC 6762 section 18.12: the answer may come to whoever asks alone. The same bit of an answer flushes caches. */
const TOP_BIT = 0x8000;
const HEADER = 12;
/** RFC 1035 section 3.1: a name has at most 255 bytes, so that more jumps than this go round in a circle. */
const JUMPS = 128;

/** One question for every address of a name (RFC 1035 section 4.1), with the id that its answer has. */
export function question(name: string): { readonly id: number; readonly bytes: Buffer } {
  const id = randomInt(1, 0x10000);
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(2, 4);
  const encoded = encodeName(name);
  const ask = (type: number): Buffer => {
    const tail = Buffer.alloc(4);
    tail.writeUInt16BE(type, 0);
    tail.writeUInt16BE(TOP_BIT | INTERNET, 2);
    return Buffer.concat([encoded, tail]);
  };
  return { id, bytes: Buffer.concat([header, ask(TYPE.a), ask(TYPE.aaaa)]) };
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.from(label, 'utf8'));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
}

/** The addresses that a message gives for a name; none in what is no answer to `id`, or is broken: anybody may have sent it. */
export function addressesIn(message: Buffer, id: number, name: string): string[] {
  try {
    return read(message, id, name);
  } catch {
    return []; // it ends too early
  }
}

function read(message: Buffer, id: number, name: string): string[] {
  const isAnswer = (message.readUInt16BE(2) & TOP_BIT) !== 0;
  // Some who announce leave the id out, as is right among themselves (RFC 6762 section 18.1).
  if (!isAnswer || ![id, 0].includes(message.readUInt16BE(0))) return [];
  let at = HEADER;
  for (let left = message.readUInt16BE(4); left > 0; left--) at = readName(message, at).end + 4;
  const found: string[] = [];
  const records = message.readUInt16BE(6) + message.readUInt16BE(8) + message.readUInt16BE(10);
  for (let left = records; left > 0; left--) {
    const owner = readName(message, at);
    const type = message.readUInt16BE(owner.end);
    const length = message.readUInt16BE(owner.end + 8);
    const data = message.subarray(owner.end + 10, owner.end + 10 + length);
    at = owner.end + 10 + length;
    if (owner.name.toLowerCase() !== name.toLowerCase()) continue;
    if (type === TYPE.a && data.length === 4) found.push(data.join('.'));
    if (type === TYPE.aaaa && data.length === 16) found.push(formatIpv6(data));
  }
  return [...new Set(found)];
}

function readName(message: Buffer, from: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let [at, end, jumps] = [from, -1, 0];
  for (;;) {
    const length = message.readUInt8(at);
    if (length === 0) return { name: labels.join('.'), end: end < 0 ? at + 1 : end };
    if (length >= 0xc0) {
      if ((jumps += 1) > JUMPS) throw new RangeError('a name that points to itself');
      if (end < 0) end = at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      continue;
    }
    if (at + 1 + length > message.length) throw new RangeError('a name that ends too early');
    labels.push(message.toString('utf8', at + 1, at + 1 + length));
    at += 1 + length;
  }
}

/** As RFC 5952 writes it, by way of a URL. */
function formatIpv6(bytes: Buffer): string {
  const groups = bytes.toString('hex').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
