import type { Diagnostic } from '../diagnostics/diagnostic.ts';

const RANK = { error: 0, warning: 1, note: 2 } as const;

/** Errors before warnings, and each from the top of the file to its end; what has no line keeps its order, last. */
export function inReadingOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const place = ({ line = Infinity, column = Infinity }: Diagnostic['place']) => [line, column] as const;
  return [...diagnostics].sort((a, b) => {
    const [lineA, columnA] = place(a.place);
    const [lineB, columnB] = place(b.place);
    return RANK[a.severity] - RANK[b.severity] || compare(lineA, lineB) || compare(columnA, columnB);
  });
}

/** Not a difference: that of two infinities is no number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
