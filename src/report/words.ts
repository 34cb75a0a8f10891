import type { KeyKind } from '../pki/key-kinds.ts';
import { quoted } from '../kernel/shell.ts';

/** `1 host`, `2 hosts`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const KEY_WORDS: Record<KeyKind, string> = {
  'rsa-2048': 'RSA-2048',
  'rsa-3072': 'RSA-3072',
  'rsa-4096': 'RSA-4096',
  'ecdsa-p256': 'P-256',
  'ecdsa-p384': 'P-384',
  ed25519: 'Ed25519',
};

/** As people call it; a kind that rcssl does not make stays as it is. */
export function keyWords(kind: string): string {
  return Object.hasOwn(KEY_WORDS, kind) ? KEY_WORDS[kind as KeyKind] : kind;
}

/** `3F:A1:…:9C` of lower-case hex. */
export function shortFingerprint(hex: string, unicode: boolean): string {
  const pairs = hex.toUpperCase().match(/../g) ?? [];
  return `${pairs[0]}:${pairs[1]}:${unicode ? '…' : '..'}:${pairs.at(-1)}`;
}

/** `3F:A1:…` with every byte, as other tools print it. */
export function fullFingerprint(hex: string): string {
  return (hex.toUpperCase().match(/../g) ?? []).join(':');
}

/** An argument that a POSIX shell reads as one word. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quoted(text);
}

/** `certs/x.{key,crt}` where files differ in their ending alone, else the paths. */
export function pathsTogether(paths: readonly string[]): string {
  const [first = ''] = paths;
  if (paths.length < 2) return first;
  let shared = 0;
  while (shared < first.length && paths.every((path) => path[shared] === first[shared])) shared += 1;
  const stem = first.slice(0, first.lastIndexOf('.', shared) + 1);
  const endings = paths.map((path) => path.slice(stem.length));
  return stem === '' || endings.some((ending) => ending === '' || ending.includes('/'))
    ? paths.join(', ')
    : `${stem}{${endings.join(',')}}`;
}

/** What stands in a stranger's certificate must not move the cursor: control and direction characters are shown by their numbers. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}
