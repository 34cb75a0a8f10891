import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { splitPem } from '../../pki/pem.ts';

/** Bytes that must be nowhere, and what they are. */
export interface Hidden {
  readonly what: string;
  /** Leaks are found from this many bytes on: pieces of half that length are looked for. */
  readonly least: number;
  readonly bytes: Buffer;
}

/** A place that was searched, with all that is in it. */
export interface Source {
  readonly name: string;
  readonly bytes: Buffer;
}

export function hiddenPassphrase(text: string): Hidden {
  return { what: `the passphrase ${text}`, least: 12, bytes: Buffer.from(text) };
}

/** What is private in a key file: its numbers, and of an encrypted one what is encrypted too. */
export function hiddenKey(name: string, pem: Buffer, passphrases: readonly string[]): Hidden[] {
  const block = splitPem(pem)[0];
  if (!block) throw new Error(`${name} is no PEM`);
  const hide = (part: string, bytes: Buffer): Hidden => ({ what: `${part} of ${name}`, least: 32, bytes });
  const isLocked = block.label === 'ENCRYPTED PRIVATE KEY';
  // Its end is nothing but encrypted; its beginning is the same in many.
  const locked = isLocked ? [hide('ciphertext', block.der.subarray(-64))] : [];
  const open = (passphrase: string): JsonWebKey => createPrivateKey({ key: pem, passphrase }).export({ format: 'jwk' });
  const jwk = (isLocked ? passphrases : ['']).flatMap((passphrase): JsonWebKey[] => {
    try {
      return [open(passphrase)];
    } catch {
      return []; // another one's
    }
  })[0];
  if (!jwk) throw new Error(`no passphrase opens ${name}`);
  const { d, p, q, dp, dq, qi } = jwk;
  const numbers = Object.entries({ d, p, q, dp, dq, qi }).filter((pair): pair is [string, string] => !!pair[1]);
  return [...locked, ...numbers.map(([part, text]) => hide(part, Buffer.from(text, 'base64url')))];
}

/** Base64 as it stands in the middle of a longer text, where these bytes begin at any of the three places of a group. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // Only the characters that are made of these bytes alone.
    return text.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
}

/** Every way in which a piece may be written, each as the Latin-1 text of its bytes. */
function formsOf(piece: Buffer): string[] {
  const hex = piece.toString('hex');
  const colons = hex.replace(/..(?=.)/g, '$&:');
  const raw = piece.toString('latin1');
  const base64 = base64Forms(piece);
  return [
    raw,
    JSON.stringify(raw).slice(1, -1),
    encodeURIComponent(raw),
    hex,
    hex.toUpperCase(),
    colons,
    colons.toUpperCase(),
    piece.join(),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** `what in where`, for every hidden thing that a source holds a piece of. */
export function leaksIn(sources: readonly Source[], hidden: readonly Hidden[]): string[] {
  const needles = hidden.map(({ what, least, bytes }) => {
    const size = Math.min(least / 2, bytes.length);
    const pieces = Array.from({ length: Math.floor(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    );
    return { what, forms: new Set(pieces.flatMap(formsOf)) };
  });
  return sources.flatMap(({ name, bytes }) => {
    const text = bytes.toString('latin1');
    // PEM is wrapped, and JSON and inspect() write the ends of its lines as two characters.
    const joined = text.replace(/\s|\\[nr]/g, '');
    return needles.flatMap(({ what, forms }) =>
      [...forms].some((form) => text.includes(form) || joined.includes(form)) ? [`${what} in ${name}`] : [],
    );
  });
}
