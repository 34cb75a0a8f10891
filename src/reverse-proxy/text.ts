/** A line, lines, or nothing. */
export type Lines = string | false | undefined | readonly Lines[];

function flat(lines: Lines): string[] {
  if (typeof lines === 'string') return [lines];
  return Array.isArray(lines) ? lines.flatMap((inner: Lines) => flat(inner)) : [];
}

/** `head`, the lines two spaces deeper, and what ends it. */
export function block(head: string, lines: Lines, end = '}'): string[] {
  return [head, ...flat(lines).map((line) => (line === '' ? '' : `  ${line}`)), end];
}

/** Ends with a newline. */
export function textOf(...lines: Lines[]): string {
  return `${flat(lines).join('\n')}\n`;
}
