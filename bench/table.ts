import type { Machine } from './machine.ts';
import type { Times } from './measure.ts';
import { isMet, type Row, type Section } from './rows.ts';

/** The whole report as text. */
export function reportText(machine: Machine, rounds: number, sections: readonly Section[]): string {
  const { node, platform, cores, cpu, load } = machine;
  const head = [
    `rcssl bench: node ${node}, ${platform}, ${cores} cores (${cpu}), load ${load.toFixed(1)} before`,
    ...(load > cores / 4 ? ['something else is at work on this machine: it is in these numbers'] : []),
    `medians of ${rounds}, the variants of a section in turn in each round; whole processes, from start to end`,
  ];
  const cells = sections.map(({ rows }) => rows.map(cellsOf));
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(...cells.flat().map((row) => (row.length > 2 ? (row[column]?.length ?? 0) : 0))),
  );
  const body = sections.flatMap(({ title, about }, index) => [
    '',
    title,
    ...wrapped(about),
    ...(cells[index] ?? []).map((row) => lineOf(row, widths)),
  ]);
  return `${[...head, ...body].join('\n')}\n`;
}

function lineOf([name = '', median = '', ...others]: readonly string[], widths: readonly number[]): string {
  const rest = others.map((cell, index) => cell.padEnd(widths[index + 2] ?? 0));
  return `  ${[name.padEnd(widths[0] ?? 0), median.padStart(widths[1] ?? 0), ...rest].join('  ').trimEnd()}`;
}

/** Name, median, spread, comparison, target and verdict, note. */
function cellsOf(row: Row): string[] {
  const { name, times, against, target, note } = row;
  if (!times) return [name, note ?? 'not measured'];
  const compared = against ? `${against.ratio.toFixed(2).padStart(5)} x ${against.name}` : '';
  const verdict = isMet(row) === false ? 'MISSED' : 'ok';
  const wanted = against && target ? `${target.kind} ${target.ratio.toFixed(2)}: ${verdict}` : '';
  return [name, milliseconds(times.median), spread(times), compared, wanted, note ?? ''];
}

function spread({ min, max }: Times): string {
  return `(${digits(min)} – ${digits(max)})`;
}

function milliseconds(value: number): string {
  return `${digits(value)} ms`;
}

/** Three digits at least: a tenth matters below a hundred milliseconds only. */
function digits(value: number): string {
  return value.toFixed(value < 100 ? 1 : 0);
}

const WIDTH = 112;

function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line.length + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => `  ${line}`);
}
