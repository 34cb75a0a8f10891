import type { Duplex } from 'node:stream';

/** As much of RFC 6455 as an echo needs: whole messages, masked or not. */
export interface Frame {
  /** 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly kind: number;
  readonly payload: Buffer;
}

export function encodeFrame({ kind, payload }: Frame, mask: boolean): Buffer {
  const { length } = payload;
  const head = length < 126 ? Buffer.from([length]) : length < 65_536 ? Buffer.alloc(3) : Buffer.alloc(9);
  if (head.length === 3) {
    head[0] = 126;
    head.writeUInt16BE(length, 1);
  } else if (head.length === 9) {
    head[0] = 127;
    head.writeBigUInt64BE(BigInt(length), 1);
  }
  const first = Buffer.from([0x80 | kind]);
  if (!mask) return Buffer.concat([first, head, payload]);
  head[0] = (head[0] ?? 0) | 0x80;
  const key = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([first, head, key, masked(payload, key)]);
}

function masked(payload: Buffer, key: Buffer): Buffer {
  const out = Buffer.allocUnsafe(payload.length);
  for (let i = 0; i < payload.length; i++) out[i] = (payload[i] ?? 0) ^ (key[i % 4] ?? 0);
  return out;
}

/** Calls back for every whole frame that a stream gives. */
export function onFrames(stream: Duplex, head: Buffer, told: (frame: Frame) => void): void {
  let chunks = [head];
  let size = head.length;
  let wanted = 2;
  const take = (): void => {
    while (size >= wanted) {
      const bytes = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks = [bytes];
      const frame = decode(bytes);
      if (typeof frame === 'number') {
        wanted = frame;
        if (size < wanted) return;
        continue;
      }
      chunks = [bytes.subarray(frame.end)];
      size -= frame.end;
      wanted = 2;
      told(frame);
    }
  };
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    take();
  });
  take();
}

/** The frame at the beginning, or how many bytes it takes to know more. */
function decode(bytes: Buffer): (Frame & { readonly end: number }) | number {
  const second = bytes[1] ?? 0;
  const short = second & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = (second & 0x80) !== 0;
  const start = 2 + extra + (isMasked ? 4 : 0);
  if (bytes.length < start) return start;
  const length = extra === 2 ? bytes.readUInt16BE(2) : extra === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  const end = start + length;
  if (bytes.length < end) return end;
  const payload = bytes.subarray(start, end);
  return {
    kind: (bytes[0] ?? 0) & 0x0f,
    payload: isMasked ? masked(payload, bytes.subarray(start - 4, start)) : Buffer.from(payload),
    end,
  };
}
