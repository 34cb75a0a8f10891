import { inspect } from 'node:util';

/**
 * Bytes that must not be seen: a passphrase, an encoded private key. Every way of turning one into text by accident
 * (templates, `JSON.stringify`, `console.log`, an error's inspection) gives `[secret]`; `reveal` is the only way in.
 */
export class Secret {
  readonly #bytes: Buffer;

  constructor(value: string | Buffer) {
    this.#bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  }

  /** The bytes themselves: for the cipher and the file transaction only. */
  reveal(): Buffer {
    return this.#bytes;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
