import { malformed } from './pki-error.ts';

/**
 * A reader for DER (X.690 section 10): one value at a time, driven by the caller's knowledge of the structure, so its
 * depth is that of the structure and no input makes it recurse. Every function throws `PkiError('malformed')`.
 */
export interface DerValue {
  /** The identifier octet, class and constructed bit included. */
  readonly tag: number;
  readonly content: Buffer;
  /** Header and content. */
  readonly bytes: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  numeric: 0x12,
  printable: 0x13,
  teletex: 0x14,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visible: 0x1a,
  universal: 0x1c,
  bmp: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Ten thousand names in a certificate are less. */
const LARGEST = 4 * 1024 * 1024;

/** Identifier octet of a context-specific tag, RFC 5280's `[n]`. */
export function contextTag(number: number, constructed = true): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** Walks over the values that stand one after another in a piece of DER. */
export class DerCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    if (bytes.length > LARGEST) throw malformed('too large');
    this.#bytes = bytes;
  }

  /** The tag that comes next; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#at];
  }

  /** The next value; with `tag`, it must have that one. */
  take(tag?: number): DerValue {
    const start = this.#at;
    const found = this.#byte();
    if (tag !== undefined && found !== tag) throw malformed(`unexpected tag 0x${found.toString(16)} in DER`);
    // Tag numbers over 30 take more octets; none of the structures read here has one.
    if ((found & 0x1f) === 0x1f) throw malformed('unknown tag in DER');
    const length = this.#length();
    const begin = this.#at;
    const end = begin + length;
    if (end > this.#bytes.length) throw malformed('DER ends before its content does');
    this.#at = end;
    return { tag: found, content: this.#bytes.subarray(begin, end), bytes: this.#bytes.subarray(start, end) };
  }

  /** The next value if it has this tag. */
  optional(tag: number): DerValue | undefined {
    return this.peek() === tag ? this.take(tag) : undefined;
  }

  /** All values up to the end, each with this tag. */
  rest(tag?: number): DerValue[] {
    const values: DerValue[] = [];
    while (this.#at < this.#bytes.length) values.push(this.take(tag));
    return values;
  }

  /** Nothing may follow. */
  end(): void {
    if (this.#at < this.#bytes.length) throw malformed('unexpected content in DER');
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed('DER ends before its content does');
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const octets = first & 0x7f;
    // 0 is BER's indefinite length, which DER does not have.
    if (octets === 0 || octets > 4) throw malformed('bad length in DER');
    let length = 0;
    for (let i = 0; i < octets; i++) length = length * 256 + this.#byte();
    if (length < (octets === 1 ? 0x80 : 256 ** (octets - 1))) throw malformed('length not minimal in DER');
    return length;
  }
}

/** The one value that these bytes are. */
export function readDer(bytes: Buffer, tag?: number): DerValue {
  const cursor = new DerCursor(bytes);
  const value = cursor.take(tag);
  cursor.end();
  return value;
}

/** A walk over what is inside these bytes, which must be one value with this tag. */
export function openDer(bytes: Buffer, tag: number = TAG.sequence): DerCursor {
  return new DerCursor(readDer(bytes, tag).content);
}

/** A walk over what is inside the next value. */
export function enter(cursor: DerCursor, tag: number = TAG.sequence): DerCursor {
  return new DerCursor(cursor.take(tag).content);
}

/** One value from the DER of its parts: for the few structures that are put together where no writer is loaded. */
export function wrapDer(tag: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) octets.unshift(rest & 0xff);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.from(header), ...parts]);
}
