import type { Modules } from '../enrol/qr.ts';
import type { View } from './view.ts';

const INDENT = '  ';

/**
 * A QR code in half blocks, two modules a letter; empty where it does not fit or the locale has no blocks. Black on white where
 * there is colour; without it light modules are the blocks, since most terminals are dark and cameras want light paper.
 */
export function qrText(modules: Modules, { width, unicode, paint }: Pick<View, 'width' | 'unicode' | 'paint'>): string {
  const columns = modules[0]?.length ?? 0;
  if (!unicode || columns + INDENT.length > width) return '';
  const isPaper = paint('paper', ' ') !== ' ';
  const isInk = (x: number, y: number): boolean => (modules[y]?.[x] ?? false) === isPaper;
  const lines: string[] = [];
  for (let y = 0; y < modules.length; y += 2) {
    const letters = Array.from({ length: columns }, (_, x) => {
      // The row below the last one is the terminal's own.
      const [top, bottom] = [isInk(x, y), y + 1 < modules.length && isInk(x, y + 1)];
      return top ? (bottom ? '█' : '▀') : bottom ? '▄' : ' ';
    });
    lines.push(`${INDENT}${paint('paper', letters.join(''))}\n`);
  }
  return lines.join('');
}
