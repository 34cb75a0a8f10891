import { createHash } from 'node:crypto';

/** A text of ours carries the hash of itself, so that it is known without any record, and an edit shows. */
const SEAL = /\bseal ([0-9a-f]{16}|_{16})\b/;
const PROMISE = ': edit that one, this one is written anew';
const BLANK = `seal ${'_'.repeat(16)}`;
/** A seal stands at the beginning. */
const WITHIN = 1000;

/** What a generated text says of itself, to be put into a comment. `from`: the configuration's name. */
export function origin(from: string): string {
  // Whatever a file may be called, a comment has one line and does not end before it.
  const name = from.replaceAll(/[^\w./ -]/gu, '?').replaceAll('--', '-?');
  return `Made by rcssl from ${name}${PROMISE}; ${BLANK}`;
}

/** A sealed text for somebody to keep: nobody writes it anew, and an edit is no drift. */
export function unsealed(text: string): string {
  return text.replace(new RegExp(`${PROMISE}; ${SEAL.source}`), '');
}

/** The text with its hash where `origin` left room for it. */
export function sealed(text: string): string {
  return text.replace(BLANK, `seal ${hashOf(text)}`);
}

/** Whether rcssl made this text and nobody has changed it since. */
export function isSealed(text: string): boolean {
  const found = SEAL.exec(text.slice(0, WITHIN));
  return found !== null && found[1] === hashOf(text.replace(SEAL, BLANK));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
