import type { Role, View } from './view.ts';

/** A line of a list: its sign, what it is about, and the words that must not be lost. */
export interface Row {
  readonly sign: string;
  readonly role: Role;
  readonly name: string;
  readonly detail: string;
}

/** Names up to this get a column; longer ones push their own detail. */
const NAME_COLUMN = 30;
/** Below this the detail goes under the name. */
export const NARROW = 60;

/** A list in columns; where it is narrow, each detail under its name. */
export function rowLines(rows: readonly Row[], { width, paint }: Pick<View, 'width' | 'paint'>): string[] {
  const column = Math.min(NAME_COLUMN, Math.max(20, ...rows.map(({ name }) => name.length))) + 2;
  const signs = Math.max(1, ...rows.map(({ sign }) => sign.length));
  return rows.flatMap(({ sign, role, name, detail }) => {
    const head = `  ${paint(role, sign.padEnd(signs))} `;
    const indent = signs + 3;
    if (detail === '') return [`${head}${name}`];
    if (width < NARROW) return [`${head}${name}`, ...indented(wrapWords(detail, width - indent - 2), indent + 2)];
    const left = indent + Math.max(column, name.length + 2);
    const [first = '', ...rest] = wrapWords(detail, Math.max(20, width - left));
    return [`${head}${name.padEnd(left - indent)}${first}`, ...indented(rest, left)];
  });
}

function indented(lines: readonly string[], by: number): string[] {
  return lines.map((line) => ' '.repeat(by) + line);
}

/** Breaks at single spaces, but not behind a number (`7 Nov`); runs of spaces hold columns together. A longer word stands alone. */
export function wrapWords(text: string, width: number): string[] {
  if (text === '') return [];
  const lines: string[] = [];
  for (const word of text.split(/(?<! |[ (]\d{1,2}) (?! )/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
